import { LakotaError } from "../../model/errors.ts";
import type { Column } from "../../model/schema.ts";

/**
 * Returns the error for a missing value in a column that has to have one.
 *
 * @param location such as `Line 17`
 * @param isFixed whether the type is that of an existing collection
 */
export function missingValueError(
  { name, dtype, index }: Column,
  location: string,
  isFixed: boolean,
): LakotaError {
  const why = index ? "the index needs one in every row" : `${dtype.name} cannot represent a missing value`;
  const other = index ? "other index columns" : `another type, as in types: { ${name}: "float" }`;
  const remedy = isFixed ? "" : `, or choose ${other}`;
  return new LakotaError(
    "invalid-frame",
    `${location}, column "${name}": there is no value, and ${why}. ` +
      `Set a default, as in fill: { ${name}: … }${remedy}.`,
  );
}
