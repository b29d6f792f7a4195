import type { ColumnData } from "./column.ts";
import type { DType } from "./dtype.ts";
import { unitToMs } from "./time.ts";
import { msPerUnit } from "./time-units.ts";

/**
 * Converts 64-bit integers to float64, and times and durations to milliseconds, missing ones to NaN. Returns
 * other columns as they are. Reuses the column's buffer: the column cannot be used afterwards.
 */
export function toNumbers(column: ColumnData, dtype: DType): ColumnData {
  if (!(column instanceof BigInt64Array) && !(column instanceof BigUint64Array)) return column;
  const out = new Float64Array(column.buffer, column.byteOffset, column.length);
  const scale = dtype.unit ? msPerUnit(dtype.unit) : 1;
  if (scale === undefined) {
    for (let i = 0; i < out.length; i++) out[i] = unitToMs(column[i]!, dtype.unit!);
    return out;
  }
  // In 32-bit halves: bigint arithmetic is twenty times slower.
  const low = new Uint32Array(column.buffer, column.byteOffset, 2 * column.length);
  const high =
    dtype.kind === "uint" ? low : new Int32Array(column.buffer, column.byteOffset, 2 * column.length);
  const perMs = scale < 1 ? Math.round(1 / scale) : 1;
  const times = Math.max(1, scale);
  for (let i = 0; i < out.length; i++) {
    const [lo, hi] = [low[2 * i]!, high[2 * i + 1]!];
    const missing = dtype.unit !== undefined && lo === 0 && hi === -0x80000000;
    out[i] = missing ? Number.NaN : divide(hi, lo, perMs) * times;
  }
  return out;
}

/** Returns (hi · 2³² + lo) / by. Exact if the quotient is a float64, even if the dividend is not. */
function divide(hi: number, lo: number, by: number): number {
  const quotient = Math.floor(hi / by);
  return quotient * 0x100000000 + ((hi - quotient * by) * 0x100000000 + lo) / by;
}
