import type { Bound } from "../../model/api/options.ts";
import { castIndexValue } from "../../model/cast-value.ts";
import { LakotaError } from "../../model/errors.ts";
import { type Closed, type Interval, interval, type Key } from "../../model/key.ts";
import type { Schema } from "../../model/schema.ts";

const CLOSED: readonly Closed[] = ["left", "right", "both", "none"];

/** Returns `closed` if it is valid. @throws `invalid-argument` */
export function checkClosed(closed: Closed): Closed {
  if (CLOSED.includes(closed)) return closed;
  throw new LakotaError("invalid-argument", `closed: "${closed}" is not one of ${CLOSED.join(", ")}.`);
}

/**
 * Converts a bound to the types of the index columns. Undefined if there is none.
 *
 * @throws `invalid-argument`
 */
export function toKey(schema: Schema, bound: Bound | undefined): Key | undefined {
  if (bound === undefined || bound === null) return undefined;
  const values: readonly unknown[] = Array.isArray(bound) ? bound : [bound];
  if (values.length > schema.index.length) {
    const names = schema.index.map(({ name }) => name).join(", ");
    throw new LakotaError(
      "invalid-argument",
      `A bound of ${values.length} values is longer than the index (${names}).`,
    );
  }
  return values.map((value, i) => castIndexValue(schema.index[i]!, value));
}

/** Converts the options of a read to a range. A missing end is unbounded. @throws `invalid-argument` */
export function toRange(
  schema: Schema,
  { start, stop, closed = "left" }: { start?: Bound; stop?: Bound; closed?: Closed },
): Interval {
  return interval(toKey(schema, start), toKey(schema, stop), checkClosed(closed));
}

/** Returns a number of rows. @throws `invalid-argument` for one that is no whole number */
export function checkRowCount(name: string, value: number | undefined, fallback: number): number {
  const rows = value ?? fallback;
  if (rows === fallback || (Number.isInteger(rows) && rows >= 0)) return rows;
  throw new LakotaError("invalid-argument", `${name}: ${String(rows)} is not a whole number of rows.`);
}
