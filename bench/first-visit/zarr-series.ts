import * as zarr from "zarrita";
import { lowerBound } from "../browser/lower-bound.ts";
import { type Columns, pictureOf, type Reader } from "./peer.ts";

/** Reads two arrays, "timestamp" and "value", in any store that zarrita reads. */
export async function openZarrSeries(store: zarr.AsyncReadable): Promise<Reader> {
  const root = zarr.root(store);
  const open = (name: string) => zarr.open.v3(root.resolve(name), { kind: "array" });
  const [t, v] = await Promise.all([open("timestamp"), open("value")]);
  const rows = t.shape[0]!;
  const read = async (array: typeof t, from: number, to: number) =>
    (await zarr.get(array, [zarr.slice(from, to)])).data;
  const times = (from: number, to: number) => read(t, from, to) as Promise<BigInt64Array>;
  const values = (from: number, to: number) => read(v, from, to) as Promise<Float64Array>;
  const columns = async (from: number, to: number): Promise<Columns> => {
    const [t, v] = await Promise.all([times(from, to), values(from, to)]);
    return { t, v };
  };
  return {
    last: (count) => columns(rows - count, rows),
    all: () => columns(0, rows),
    // Zarr has no index: all times are read and searched.
    range: async (start, stop) => {
      const t = await times(0, rows);
      const [from, to] = [lowerBound(t, start), lowerBound(t, stop)];
      return { t: t.slice(from, to), v: await values(from, to) };
    },
    picture: async (points) => pictureOf(await columns(0, rows), points),
  };
}
