import type { Bound } from "../../model/api.ts";
import { castIndexValue } from "../../model/cast.ts";
import { LakotaError } from "../../model/errors.ts";
import { type Closed, type Interval, interval, type Key } from "../../model/key.ts";
import type { Schema } from "../../model/schema.ts";

const CLOSED: readonly Closed[] = ["left", "right", "both", "none"];

/** @throws `invalid-argument` */
export function checkClosed(closed: Closed): Closed {
  if (CLOSED.includes(closed)) return closed;
  throw new LakotaError("invalid-argument", `closed: "${closed}" is not one of ${CLOSED.join(", ")}.`);
}

/** A bound in the types of the index columns; undefined where there is none. @throws `invalid-argument` */
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

/** The range that a read asks for; a missing end is open to all. @throws `invalid-argument` */
export function toRange(
  schema: Schema,
  { start, stop, closed = "left" }: { start?: Bound; stop?: Bound; closed?: Closed },
): Interval {
  return interval(toKey(schema, start), toKey(schema, stop), checkClosed(closed));
}
