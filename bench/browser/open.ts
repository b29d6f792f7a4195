/** Runs in the page: opens the benchmark's series as a user of each library would. */
import type { ConnectOptions, Series } from "lakota";
import * as zarr from "zarrita";

/** The S3 server that holds the series. */
export interface Context {
  /** Address of the S3 server. */
  s3: string;
  keys: { accessKeyId: string; secretAccessKey: string };
}

export type ReaderName = "lakota" | "zarrita";

/** Loads the built library, which is served beside the page. */
export function loadLakota(): Promise<typeof import("lakota")> {
  const address = "/dist/index.js";
  return import(address);
}

export async function openLakota({ s3, keys }: Context, options: ConnectOptions = {}): Promise<Series> {
  const { connect } = await loadLakota();
  const repo = await connect("s3://lakota/bench", { endpoint: s3, credentials: keys, ...options });
  return (await repo.collection("bench")).series("s");
}

export async function openZarr({ s3 }: Context) {
  const root = zarr.root(new zarr.FetchStore(`${s3}/zarr`));
  const open = (name: string) => zarr.open(root.resolve(name), { kind: "array" });
  const [t, v] = await Promise.all([open("timestamp"), open("value")]);
  const read = async (array: typeof t, from: number, to: number) =>
    (await zarr.get(array, [zarr.slice(from, to)])).data;
  const rows = t.shape[0]!;
  return {
    rows,
    times: (from = 0, to = rows) => read(t, from, to) as Promise<BigInt64Array>,
    values: (from = 0, to = rows) => read(v, from, to) as Promise<Float64Array>,
  };
}
