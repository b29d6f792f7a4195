import type { Key } from "./signature.ts";

export interface S3Options {
  /** Access key ids, with their secrets. */
  keys: Readonly<Record<string, string | Key>>;
  /** Default us-east-1. */
  region?: string;
  /** Keep objects in this folder too, and find them again. Default: memory only. */
  dir?: string;
  /** Origins that may read the answers; `false`: no CORS at all. Default: all. */
  cors?: "*" | readonly string[] | false;
  /** Whether anybody may get an object, or list a bucket (key: the empty string). Default: nobody. */
  publicRead?: (bucket: string, key: string) => boolean;
  /** Default: a free one. */
  port?: number;
  /** Entries of a listing's page. Default 1,000, as S3. */
  pageSize?: number;
  /** `bucket.HOST` is virtual-host style. Default s3.localhost. */
  virtualHost?: string;
  /** Epoch milliseconds, by which signatures are judged; for tests. */
  now?: () => number;
}
