import type { Bound } from "../../model/api/options.ts";
import type { Closed } from "../../model/key.ts";
import type { Schema } from "../../model/schema.ts";
import type { OptionTable, Values } from "./options.ts";
import { bound, closed } from "./values.ts";

/** A range of the index. */
export const RANGE_OPTIONS = {
  start: {
    also: ["greater-than", "gt"],
    value: "VALUE",
    many: true,
    about:
      'start of the range. A time may be relative to now: -7d, -1h30m, "2 hours ago", yesterday (24 hours ago), now. Units: s, m, h, d, w, mo, y. Repeat it for further index columns; trailing ones may be left out',
  },
  stop: {
    also: ["end", "less-than", "lt"],
    value: "VALUE",
    many: true,
    about: "end of the range, in the same way",
  },
  closed: {
    short: "c",
    value: "ENDS",
    parse: closed,
    about: "which ends the range includes: left, right, both or none",
    completes: ["left", "right", "both", "none"],
  },
} as const satisfies OptionTable;

export function toRangeOptions(
  schema: Schema,
  { start, stop, closed }: Values<typeof RANGE_OPTIONS>,
): { start?: Bound; stop?: Bound; closed?: Closed } {
  const range = { start: bound(schema, "start", start), stop: bound(schema, "stop", stop) };
  return {
    ...(range.start !== undefined && { start: range.start }),
    ...(range.stop !== undefined && { stop: range.stop }),
    ...(closed && { closed }),
  };
}
