import type { Batch } from "./columns/batch.ts";
import type { Program } from "./operators/program.ts";

/** Returns the numbers of the rows for which a condition is true. */
export function rowsWhere(batch: Batch, condition: Program): Uint32Array<ArrayBuffer> {
  const vector = condition.run(batch);
  const rows = new Uint32Array(batch.rows);
  if (vector.form !== "flags") return rows.subarray(0, 0);
  const step = vector.constant ? 0 : 1;
  let count = 0;
  for (let row = 0; row < batch.rows; row++) if (vector.data[row * step] === 1) rows[count++] = row;
  return rows.slice(0, count);
}
