import type { Series } from "../../src/model/api/series.ts";
import { Schema } from "../../src/model/schema.ts";

export const schema = new Schema({ t: "int*", v: "float" });

/** Rows whose chunks are files if there are many: too long to be embedded in a commit. */
export const rows = (count: number, first = 0) => ({
  t: Array.from({ length: count }, (_, i) => first + i * 1_000 + ((i * 7_919) % 997)),
  v: Array.from({ length: count }, (_, i) => Math.sin(first + i)),
});
export const LONG = 1_500;

/** Returns the number of rows of a series, and a checksum of all its values. */
export async function checksumOf(series: Series): Promise<string> {
  const frame = await series.read({ numbers: true });
  let sum = 0;
  for (const name of ["t", "v"]) {
    const values = Float64Array.from(frame.numbers(name));
    for (const word of new Int32Array(values.buffer)) sum = (Math.imul(sum, 31) + word) | 0;
  }
  return `${frame.length} rows, ${sum}`;
}
