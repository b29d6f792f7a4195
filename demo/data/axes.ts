import type { Column, Schema } from "lakota";

const NUMERIC = ["float", "int", "uint", "bool"];

/** The x axis: the first index column. */
export interface XAxis {
  name: string;
  /** Whether it is a time; else a number. */
  time: boolean;
}

/** Returns the first index column if it can be an x axis. */
export function xAxisOf(schema: Schema): XAxis | undefined {
  const [first] = schema.index;
  const kind = first?.dtype.kind ?? "";
  const time = kind === "datetime";
  return first && (time || NUMERIC.includes(kind)) ? { name: first.name, time } : undefined;
}

/** Returns the columns that can be drawn: numbers and booleans. */
export const drawable = (schema: Schema): Column[] =>
  schema.columns.filter(({ dtype, index }) => !index && NUMERIC.includes(dtype.kind));

/** Returns the names of columns to read: the index, those of `lines`, and all that cannot be drawn. */
export function columnsToRead(schema: Schema, lines: readonly string[]): string[] {
  const canDraw = new Set(drawable(schema).map(({ name }) => name));
  return schema.columns.map(({ name }) => name).filter((name) => !canDraw.has(name) || lines.includes(name));
}
