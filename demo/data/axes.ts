import type { Column, Schema } from "lakota";
import { isTimeZone, localZone } from "./time-zone.ts";

/** Units of time that have no time zone. */
const DAYS: readonly string[] = ["D", "W", "M", "Y"];
const NUMERIC = ["float", "int", "uint", "bool"];

/** The x axis: the first index column. */
export interface XAxis {
  name: string;
  /** Whether it is a time; else a number. */
  time: boolean;
  /** Whether its times are days or longer, which have no time zone. */
  days: boolean;
}

/** Returns the first index column if it can be an x axis. */
export function xAxisOf(schema: Schema): XAxis | undefined {
  const [first] = schema.index;
  const kind = first?.dtype.kind ?? "";
  const time = kind === "datetime";
  const days = DAYS.includes(first?.dtype.unit ?? "");
  return first && (time || NUMERIC.includes(kind)) ? { name: first.name, time, days } : undefined;
}

/**
 * Returns the time zone by whose clocks times are shown.
 *
 * @param chosen by the user: a zone, or `local`
 * @param described that of the collection
 */
export function zoneOf(schema: Schema, chosen: string | undefined, described: string | undefined): string {
  const axis = xAxisOf(schema);
  if (!axis?.time || axis.days) return "UTC";
  if (chosen === "local") return localZone();
  return chosen ?? (described !== undefined && isTimeZone(described) ? described : "UTC");
}

/** Returns the columns that can be drawn: numbers and booleans. */
export const drawable = (schema: Schema): Column[] =>
  schema.columns.filter(({ dtype, index }) => !index && NUMERIC.includes(dtype.kind));

/** Returns the names of columns to read: the index, those of `lines`, and all that cannot be drawn. */
export function columnsToRead(schema: Schema, lines: readonly string[]): string[] {
  const canDraw = new Set(drawable(schema).map(({ name }) => name));
  return schema.columns.map(({ name }) => name).filter((name) => !canDraw.has(name) || lines.includes(name));
}
