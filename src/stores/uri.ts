import { LakotaError } from "../model/errors.ts";

/** A store's URI, taken apart. */
export interface ParsedUri {
  /** In lower case, without colon; `file` for a plain path. */
  scheme: string;
  /** What follows `scheme://`, without the query. */
  rest: string;
  query: URLSearchParams;
}

/**
 * Takes a URI apart: `memory://`, `s3://bucket/prefix?region=eu-west-1`, `https://host/folder`. What has no
 * scheme is a path of a file system, of which every character counts.
 */
export function parseUri(uri: string): ParsedUri {
  // Two letters at least: C:\data is a path.
  const match = /^([a-z][a-z\d+.-]+):\/\/([^?#]*)(?:\?([^#]*))?/i.exec(uri);
  if (match)
    return { scheme: match[1]!.toLowerCase(), rest: match[2]!, query: new URLSearchParams(match[3]) };
  if (uri.trim() === "") {
    throw new LakotaError(
      "invalid-argument",
      "An empty string is no URI. Say memory:// or s3://bucket/prefix.",
    );
  }
  return { scheme: "file", rest: uri, query: new URLSearchParams() };
}
