import type { StepName } from "./queries.ts";

/** A library, or a way to use one, whose page is measured. */
export interface Peer {
  name: string;
  /** Name of the file in peers/ that opens the series. */
  script: string;
  /** The bucket of its Lakota repository, or the path of the files that it reads. */
  source: LakotaBucket | `peers/${string}`;
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
    source: "lakota",
    steps: ["last", "last-reload", "refresh", "picture", "all", "all-reload", "range"],
  },
  {
    name: "lakota-overviews",
    script: "lakota",
    source: "lakota-overviews",
    steps: ["picture", "range"],
  },
  { name: "zarrita", script: "zarrita", source: "peers/zarr" },
  { name: "icechunk", script: "icechunk", source: "peers/icechunk", isolated: true },
  { name: "hyparquet", script: "hyparquet", source: "peers/series.parquet" },
  { name: "parquet-wasm", script: "parquet-wasm", source: "peers/series.parquet" },
  { name: "duckdb-wasm", script: "duckdb-wasm", source: "peers/series.parquet" },
  { name: "arrow", script: "arrow", source: "peers/series.arrow" },
  { name: "arrow-zstd", script: "arrow-zstd", source: "peers/series-zstd.arrow" },
];

export const isLakota = ({ source }: Peer): boolean => !source.startsWith("peers/");

export const takesStep = ({ steps }: Peer, name: StepName): boolean =>
  steps?.includes(name) ?? name !== "refresh";
