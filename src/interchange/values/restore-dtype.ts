import { castColumn } from "../../model/cast.ts";
import type { ColumnData } from "../../model/column.ts";
import { type DType, parseDType } from "../../model/dtype.ts";
import type { NamedColumn } from "../../model/frame.ts";
import { NAT } from "../../model/time.ts";
import { msPerUnit } from "../../model/time-units.ts";

/**
 * Returns the data of a column in its own type: converts a column that was read with `numbers: true` (64-bit
 * integers as doubles, times in milliseconds) back, and returns others as they are, without a copy.
 */
export function restoreDType({ name, type, data }: NamedColumn): ColumnData {
  const dtype = parseDType(type);
  if (!(data instanceof Float64Array) || dtype.size !== 8 || dtype.kind === "float") return data;
  if (dtype.kind === "timedelta") return msToCounts(data, dtype);
  return castColumn({ name, dtype, codecs: [], index: false }, data);
}

function msToCounts(ms: Float64Array, { unit }: DType): BigInt64Array<ArrayBuffer> {
  const scale = msPerUnit(unit!) ?? 1; // years and months have no fixed length, so they were left as counts
  const out = new BigInt64Array(ms.length);
  for (let i = 0; i < out.length; i++) {
    out[i] = Number.isNaN(ms[i]) ? NAT : BigInt(Math.round(ms[i]! / scale));
  }
  return out;
}
