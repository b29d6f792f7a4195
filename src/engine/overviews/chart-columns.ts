import type { Column, Schema } from "../../model/schema.ts";

const NUMERIC = ["float", "int", "uint", "bool", "datetime", "timedelta"];

/** Whether a chart can show a column. */
export const isNumeric = ({ dtype }: Column): boolean => NUMERIC.includes(dtype.kind);

/** Returns the columns that a chart shows: by default all numbers but those of the x axis. */
export const valueColumns = ({ columns, index: [x] }: Schema): Column[] =>
  columns.filter((column) => column !== x && isNumeric(column));
