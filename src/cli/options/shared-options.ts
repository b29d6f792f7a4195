import type { Note } from "../../model/api/options.ts";
import type { OptionTable, Values } from "./options.ts";
import { parseTime } from "./values.ts";

export const DRY_RUN = {
  "dry-run": { short: "n", about: "change nothing; say what would be done" },
} as const satisfies OptionTable;

/** Who made a revision, and why. */
export const NOTE_OPTIONS = {
  message: { short: "m", value: "TEXT", about: "kept in the revision: why" },
  author: { value: "NAME", about: "kept in the revision: who" },
} as const satisfies OptionTable;

export const BEFORE = {
  before: {
    short: "B",
    value: "TIME",
    parse: parseTime,
    about: "as it was right before a time (UTC, where no zone is given) or a revision",
  },
} as const satisfies OptionTable;

/** The option `note` of what makes a revision. */
export function toNote({ author, message }: Values<typeof NOTE_OPTIONS>): { note?: Note } {
  if (author === undefined && message === undefined) return {};
  return { note: { ...(author !== undefined && { author }), ...(message !== undefined && { message }) } };
}
