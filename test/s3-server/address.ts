import { S3Error } from "./errors.ts";

/** The resource of a request. */
export interface Address {
  /** Empty: the service itself. */
  bucket: string;
  /** Empty: the bucket itself. */
  key: string;
  query: URLSearchParams;
}

/**
 * Reads bucket and key from a URL (path style), or from `BUCKET.virtualHost` and a URL (virtual-host style).
 *
 * Keys are opaque: `a//b` and `a/../b` are distinct keys, so nothing is normalised. (Browsers resolve
 * dot segments before they send a URL; browsers cannot request such keys.)
 *
 * @throws {S3Error} InvalidURI
 */
export function parseAddress(url: string, host: string, virtualHost: string): Address {
  const { path, query } = splitUrl(url);
  if (!path.startsWith("/")) throw invalidUri();
  const name = host.replace(/:\d+$/, "").toLowerCase();
  const suffix = `.${virtualHost}`;
  if (name.endsWith(suffix)) {
    return { bucket: name.slice(0, -suffix.length), key: decodePath(path.slice(1)), query };
  }
  const end = path.indexOf("/", 1);
  if (end < 0) return { bucket: decodePath(path.slice(1)), key: "", query };
  return { bucket: decodePath(path.slice(1, end)), key: decodePath(path.slice(end + 1)), query };
}

/**
 * Splits a URL into its raw path and its query. The class `URL` would resolve dots, and parse `//a` as a
 * host.
 */
export function splitUrl(url: string): { path: string; query: URLSearchParams } {
  const [path] = url.split("?", 1) as [string];
  return { path, query: new URLSearchParams(url.slice(path.length + 1)) };
}

/** Decodes percent-encoding; like S3, takes `+` for a space. @throws {S3Error} InvalidURI */
export function decodePath(path: string): string {
  try {
    return decodeURIComponent(path.replaceAll("+", " "));
  } catch {
    throw invalidUri();
  }
}

const invalidUri = () => new S3Error(400, "InvalidURI", "Couldn't parse the specified URI.");

/** Percent-encodes as AWS requires: everything but letters, digits and `-._~`. */
export const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

/** Percent-encodes a key, except for its slashes. */
export const encodePath = (path: string): string => encode(path).replaceAll("%2F", "/");
