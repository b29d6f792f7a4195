import { LakotaError } from "../model/errors.ts";

/** The parts of a store's URI. */
export interface ParsedUri {
  /** Lower case, without colon; `file` for a plain path. */
  scheme: string;
  /** The part after `scheme://`, without the query. */
  rest: string;
  query: URLSearchParams;
}

/** Returns an address as messages may show it: its login and its query may be secrets. */
export const withoutSecrets = (address: string): string =>
  address.replace(/\?.*/s, "").replace(/^([^/]*\/\/)?.*@/s, "$1");

/**
 * Parses a URI: `memory://`, `s3://bucket/prefix?region=eu-west-1`, `https://host/folder`. Text without a
 * scheme is a path of a file system, and is taken literally.
 */
export function parseUri(uri: string): ParsedUri {
  // Two letters at least: C:\data is a path.
  const match = /^([a-z][a-z\d+.-]+):\/\/([^?#]*)(?:\?([^#]*))?/i.exec(uri);
  if (match)
    return { scheme: match[1]!.toLowerCase(), rest: match[2]!, query: new URLSearchParams(match[3]) };
  if (uri.trim() === "") {
    throw new LakotaError(
      "invalid-argument",
      "An empty string is no URI. Pass memory:// or s3://bucket/prefix.",
    );
  }
  return { scheme: "file", rest: uri, query: new URLSearchParams() };
}
