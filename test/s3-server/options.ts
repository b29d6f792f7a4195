import type { Key } from "./signature.ts";

export interface S3Options {
  /** Access key id → secret. */
  keys: Readonly<Record<string, string | Key>>;
  /** Default us-east-1. */
  region?: string;
  /** Folder to keep the objects in. Default: memory only. */
  dir?: string;
  /** Origins that may read responses; `false`: no CORS headers. Default: all. */
  cors?: "*" | readonly string[] | false;
  /** Whether an unsigned request may get an object, or list a bucket (with an empty key). Default: never. */
  publicRead?: (bucket: string, key: string) => boolean;
  /** Default: a free one. */
  port?: number;
  /** Entries in a page of a listing. Default 1,000, as S3. */
  pageSize?: number;
  /** `bucket.HOST` is virtual-host style. Default s3.localhost. */
  virtualHost?: string;
  /** Returns the time for checking signatures, in epoch milliseconds; for tests. */
  now?: () => number;
}
