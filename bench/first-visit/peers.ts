import type { StepName } from "./queries.ts";

/** A library, or a way to use one, whose page is measured. */
export interface Peer {
  name: string;
  /** Name of the file in peers/ that opens the series. */
  script: string;
  /** The bucket of its Lakota repository. Default: none. */
  bucket?: LakotaBucket;
  /** The steps that it takes. Default: all but "refresh", because the data of other libraries does not change. */
  steps?: readonly StepName[];
  /** Whether the page needs to be isolated from other origins, for memory that threads share. Default: false. */
  isolated?: boolean;
}

/** Repositories that were published with an index, and with overviews too. */
export type LakotaBucket = "lakota" | "lakota-overviews";

export const PEERS: readonly Peer[] = [
  {
    name: "lakota",
    script: "lakota",
    bucket: "lakota",
    steps: ["last", "last-reload", "refresh", "picture", "all", "all-reload", "range"],
  },
  { name: "lakota-overviews", script: "lakota", bucket: "lakota-overviews", steps: ["picture"] },
  { name: "zarrita", script: "zarrita" },
  { name: "icechunk", script: "icechunk", isolated: true },
  { name: "hyparquet", script: "hyparquet" },
  { name: "parquet-wasm", script: "parquet-wasm" },
  { name: "duckdb-wasm", script: "duckdb-wasm" },
  { name: "arrow", script: "arrow" },
  { name: "arrow-zstd", script: "arrow-zstd" },
];

export const takesStep = ({ steps }: Peer, name: StepName): boolean =>
  steps?.includes(name) ?? name !== "refresh";
