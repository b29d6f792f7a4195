import type { Bound } from "../../model/api/options.ts";
import { placeValue } from "../../model/cast-value.ts";
import type { IndexValue } from "../../model/column.ts";
import { LakotaError } from "../../model/errors.ts";
import {
  type Closed,
  type Cut,
  closedLeft,
  closedRight,
  FIRST,
  type Interval,
  LAST,
} from "../../model/key.ts";
import type { Schema } from "../../model/schema.ts";

const CLOSED: readonly Closed[] = ["left", "right", "both", "none"];

/** Returns `closed` if it is valid. @throws `invalid-argument` */
export function checkClosed(closed: Closed): Closed {
  if (CLOSED.includes(closed)) return closed;
  throw new LakotaError(
    "invalid-argument",
    `closed: "${String(closed)}" is not one of ${CLOSED.join(", ")}.`,
  );
}

/**
 * Converts a bound to a cut between the keys of the schema; undefined if there is none. A value that no row can have,
 * because it is finer than the column's unit or beyond its range, lies between two keys: whether the range includes
 * its ends does not matter there.
 *
 * @param side on which side of the keys that start with the bound
 * @throws `invalid-argument`
 */
export function toCut(schema: Schema, bound: Bound | undefined, side: Cut["side"]): Cut | undefined {
  if (bound === undefined || bound === null) return undefined;
  const values: readonly unknown[] = Array.isArray(bound) ? bound : [bound];
  if (values.length > schema.index.length) {
    const names = schema.index.map(({ name }) => name).join(", ");
    throw new LakotaError(
      "invalid-argument",
      `A bound of ${values.length} values is longer than the index (${names}).`,
    );
  }
  const key: IndexValue[] = [];
  for (const [i, value] of values.entries()) {
    const place = placeValue(schema.index[i]!, value);
    key.push(place.item);
    if (place.side !== 0) return { key, side: place.side };
  }
  return { key, side };
}

/** A range as options give it. */
export interface RangeBounds {
  start?: Bound;
  stop?: Bound;
  closed?: Closed;
}

/** Converts the options of a read to a range. A missing end is unbounded. @throws `invalid-argument` */
export function toRange(schema: Schema, { start, stop, closed = "left" }: RangeBounds): Interval {
  return {
    lo: toCut(schema, start, closedLeft(checkClosed(closed)) ? -1 : 1) ?? FIRST,
    hi: toCut(schema, stop, closedRight(closed) ? 1 : -1) ?? LAST,
  };
}

/** @throws `invalid-argument` for what is no list of names */
export function checkNames(option: string, names: readonly string[] | null | undefined): void {
  if (names && !Array.isArray(names))
    throw new LakotaError("invalid-argument", `${option} must be a list of names.`);
}

/** Returns a number of rows. @throws `invalid-argument` for one that is no whole number */
export function checkRowCount(name: string, value: number | undefined, fallback: number): number {
  const rows = value ?? fallback;
  if (rows === fallback || (Number.isInteger(rows) && rows >= 0)) return rows;
  throw new LakotaError("invalid-argument", `${name}: ${String(rows)} is not a whole number.`);
}
