import { tableFromIPC } from "apache-arrow";
import initialise, { ParquetFile, type ReaderOptions } from "parquet-wasm";
import wasm from "parquet-wasm/esm/parquet_wasm_bg.wasm?url";
import { lowerBound } from "../../browser/lower-bound.ts";
import { type Open, pictureOf } from "../peer.ts";

/** Rows of a batch; the default of 1,024 is slow. */
const BATCH = 65_536;

export const open: Open = async ({ store, source, rows }) => {
  await initialise({ module_or_path: wasm });
  const file = await ParquetFile.fromUrl(`${store}/${source}`);
  const read = async (options: ReaderOptions) => {
    const table = await file.read({ batchSize: BATCH, ...options });
    return tableFromIPC(table.intoIPCStream());
  };
  const times = async (options: ReaderOptions): Promise<BigInt64Array> =>
    (await read({ ...options, columns: ["timestamp"] })).getChild("timestamp")!.toArray();
  const columns = async (options: ReaderOptions) => {
    const table = await read(options);
    return { t: table.getChild("timestamp")!.toArray(), v: table.getChild("value")!.toArray() };
  };
  return {
    last: (count) => columns({ offset: rows - count, limit: count }),
    all: () => columns({}),
    // It does not expose the page index: all times are read and searched.
    range: async (start, stop) => {
      const t = await times({});
      const offset = lowerBound(t, start);
      return columns({ offset, limit: lowerBound(t, stop) - offset });
    },
    picture: async (points) => pictureOf(await columns({}), points),
  };
};
