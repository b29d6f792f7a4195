import { asyncBufferFromFile, parquetRead } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { dataFile } from "./csv.ts";

/** The columns of the collection "flights", sorted by time. */
export interface Flights {
  timestamp: BigInt64Array<ArrayBuffer>;
  delay: Int16Array<ArrayBuffer>;
  distance: Int16Array<ArrayBuffer>;
}

/** Reads all flights of the Parquet file. Times are in seconds, with the file's precision of a minute. */
export async function readFlights(): Promise<Flights> {
  const seconds: bigint[] = [];
  const delay: number[] = [];
  const distance: number[] = [];
  await parquetRead({
    file: await asyncBufferFromFile(dataFile("flights-3m.parquet")),
    columns: ["date", "delay", "distance"],
    compressors,
    parsers: { timestampFromMicroseconds: (us: bigint) => us / 1_000_000n },
    // Called for each column of each row group, in the order of rows.
    onChunk: ({ columnName, columnData }) => {
      const values = columnData as ArrayLike<bigint>;
      for (let i = 0; i < values.length; i++) {
        if (columnName === "date") seconds.push(values[i]!);
        else (columnName === "delay" ? delay : distance).push(Number(values[i]));
      }
    },
  });
  return sorted(seconds, delay, distance);
}

/** Sorts flights by time; those of the same minute stay in the order of the file. */
function sorted(seconds: readonly bigint[], delay: readonly number[], distance: readonly number[]): Flights {
  const times = Float64Array.from(seconds, Number);
  const order = Uint32Array.from(times.keys());
  if (times.some((time, i) => i > 0 && time < times[i - 1]!)) {
    order.sort((a, b) => times[a]! - times[b]! || a - b);
  }
  return {
    timestamp: BigInt64Array.from(order, (row) => seconds[row]!),
    delay: Int16Array.from(order, (row) => delay[row]!),
    distance: Int16Array.from(order, (row) => distance[row]!),
  };
}
