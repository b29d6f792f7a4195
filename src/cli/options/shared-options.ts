import type { Note } from "../../model/api/options.ts";
import type { OptionTable, Values } from "./options.ts";
import { parseAt, parseBefore, tableKind } from "./values.ts";

export const DRY_RUN = {
  "dry-run": { short: "n", about: "report what would be done, and change nothing" },
} as const satisfies OptionTable;

/** Author and message of a new revision. */
export const NOTE_OPTIONS = {
  message: { short: "m", value: "TEXT", about: "message stored in the revision" },
  author: { value: "NAME", about: "author stored in the revision" },
} as const satisfies OptionTable;

/** The kind of table of a collection that is created. */
export const TABLE_OPTION = {
  table: {
    value: "KIND",
    parse: tableKind,
    about:
      "kind of table of a new collection: flat (the default), which Python Lakota reads, too; or tree, for more than about 5,000 " +
      "series, which Python Lakota cannot read: the cost of a write then does not depend on the number of series",
    completes: ["flat", "tree"],
  },
} as const satisfies OptionTable;

/** An earlier state, by one of two options. */
export const MOMENT_OPTIONS = {
  before: {
    short: "B",
    value: "TIME",
    parse: parseBefore,
    about:
      "an earlier state: a time as for --start (the state right then), or a revision such as head, head~1 or an id (the state without what it wrote)",
  },
  at: {
    value: "TIME",
    parse: parseAt,
    about:
      "the same, with what was written at that time or in that revision: --at head~1 is the state before the newest revision",
  },
} as const satisfies OptionTable;

/** Returns the API option `note`, if an author or a message was given. */
export function toNote({ author, message }: Values<typeof NOTE_OPTIONS>): { note?: Note } {
  if (author === undefined && message === undefined) return {};
  return { note: { ...(author !== undefined && { author }), ...(message !== undefined && { message }) } };
}
