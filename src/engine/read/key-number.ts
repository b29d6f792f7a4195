import type { Key } from "../../model/key.ts";
import { toNumbers } from "../../model/numbers.ts";
import type { Column } from "../../model/schema.ts";

/** Returns the first value of a key as a number: of a time, epoch milliseconds. Undefined for an empty key, and for text. */
export function numberOf([value]: Key, { dtype }: Column): number | undefined {
  if (typeof value === "number" || value === undefined) return value;
  if (typeof value === "string") return undefined;
  const single = dtype.kind === "uint" ? BigUint64Array.of(value) : BigInt64Array.of(value);
  return (toNumbers(single, dtype) as Float64Array)[0];
}
