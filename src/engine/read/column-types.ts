import type { DType } from "../../model/dtype.ts";
import type { Schema } from "../../model/schema.ts";

/** Returns the type of each column of a schema by name, as expressions are checked against. */
export const columnTypes = ({ columns }: Schema): ReadonlyMap<string, DType> =>
  new Map(columns.map(({ name, dtype }) => [name, dtype]));
