import type { IncomingHttpHeaders } from "node:http";
import { preconditionFailed, S3Error } from "./errors.ts";
import type { StoredObject } from "./objects.ts";
import type { S3Response } from "./response.ts";

/** Returns the response to GET: the object, a range of it, or 304. For HEAD, the body is not sent. */
export function readObject(object: StoredObject, headers: IncomingHttpHeaders): S3Response {
  const about = {
    etag: `"${object.etag}"`,
    "last-modified": new Date(object.modified).toUTCString(),
    "content-type": object.contentType,
    "accept-ranges": "bytes",
    ...object.metadata,
  };
  const { "if-match": ifMatch, "if-none-match": ifNoneMatch } = headers;
  if (ifMatch !== undefined && !matches(ifMatch, object)) throw preconditionFailed();
  if (ifNoneMatch !== undefined && matches(ifNoneMatch, object)) {
    return { status: 304, headers: about, body: Buffer.alloc(0) };
  }
  const { body } = object;
  const range = parseRange(rangeHeader(headers, object), body.length);
  if (!range) return { status: 200, headers: about, body };
  const [from, to] = range;
  const contentRange = `bytes ${from}-${to - 1}/${body.length}`;
  return { status: 206, headers: { ...about, "content-range": contentRange }, body: body.subarray(from, to) };
}

/** Whether an If-Match, If-None-Match or If-Range header matches this object. */
export const matches = (header: string, { etag }: StoredObject): boolean =>
  header === "*" ||
  header.split(",").some((tag) => tag.trim().replace(/^W\//, "").replaceAll('"', "") === etag);

/** Returns the Range header, unless an If-Range header does not match the object. */
function rangeHeader(headers: IncomingHttpHeaders, object: StoredObject): string | undefined {
  const ifRange = headers["if-range"]?.toString();
  return ifRange === undefined || matches(ifRange, object) ? headers.range : undefined;
}

/**
 * Returns `from` (included) and `to` (excluded) of a single range. Other headers are ignored, as in S3.
 *
 * @throws {S3Error} InvalidRange for an empty range
 */
function parseRange(header: string | undefined, size: number): [from: number, to: number] | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? "");
  if (!match || header === "bytes=-") return undefined;
  const [first, last] = [match[1]!, match[2]!];
  if (first !== "" && last !== "" && Number(first) > Number(last)) return undefined;
  const from = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const to = first === "" || last === "" ? size : Math.min(size, Number(last) + 1);
  if (from < to) return [from, to];
  const headers = { "content-range": `bytes */${size}` };
  throw new S3Error(416, "InvalidRange", "The requested range is not satisfiable", { headers });
}
