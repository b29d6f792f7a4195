import { asyncBufferFromUrl, type ParquetScan, parquetMetadataAsync, parquetScan } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { type Columns, type Open, pictureOf, rowsInRange } from "../peer.ts";

const columns = ["timestamp", "value"];

/** Scans columns, and finds pages by the page index. */
export const open: Open = async ({ store, source }) => {
  const file = await asyncBufferFromUrl({ url: `${store}/${source}` });
  const metadata = await parquetMetadataAsync(file);
  const rows = Number(metadata.num_rows);
  const between = async (from: number, to: number) =>
    collect(await parquetScan({ file, metadata, compressors, columns }), from, to);
  return {
    last: (count) => between(rows - count, rows),
    all: () => between(0, rows),
    range: async (start, stop) => {
      const pruningFilter = { timestamp: { $gte: BigInt(start), $lt: BigInt(stop) } };
      const scan = await parquetScan({
        file,
        metadata,
        compressors,
        columns,
        pruningFilter,
        usePageIndex: true,
      });
      return rowsInRange(await collect(scan, 0, rows), start, stop);
    },
    picture: async (points) => pictureOf(await between(0, rows), points),
  };
};

/** Reads those rows of a scan that are between two rows of the file. */
async function collect(scan: ParquetScan, from: number, to: number): Promise<Columns> {
  const ranges = scan.ranges
    .map(({ rowStart, rowEnd }) => ({ rowStart: Math.max(rowStart, from), rowEnd: Math.min(rowEnd, to) }))
    .filter(({ rowStart, rowEnd }) => rowStart < rowEnd);
  const length = ranges.reduce((sum, { rowStart, rowEnd }) => sum + rowEnd - rowStart, 0);
  const t = new BigInt64Array(length);
  const v = new Float64Array(length);
  let offset = 0;
  await Promise.all(
    ranges.map(async (range) => {
      const at = offset;
      offset += range.rowEnd - range.rowStart;
      const [times, values] = await Promise.all([
        scan.readColumn({ column: "timestamp", ...range }),
        scan.readColumn({ column: "value", ...range }),
      ]);
      t.set(times as BigInt64Array, at);
      v.set(values as Float64Array, at);
    }),
  );
  return { t, v };
}
