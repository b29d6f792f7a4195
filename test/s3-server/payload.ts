import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { crc32 } from "node:zlib";
import { notImplemented, S3Error } from "./errors.ts";

export interface Payload {
  content: Buffer;
  /** Whether the request has a digest of it. */
  checked: boolean;
}

type Fields = Record<string, string>;

/**
 * Returns the content of a request's body: decodes `aws-chunked`, and checks all digests in headers and
 * trailers.
 *
 * @throws {S3Error} IncompleteBody, BadDigest; NotImplemented for digests that Node does not support
 */
export function readPayload(headers: IncomingHttpHeaders, body: Buffer): Payload {
  const { content, trailers } = isChunked(headers) ? unwrap(body) : { content: body, trailers: {} };
  const length = headers["x-amz-decoded-content-length"];
  if (length !== undefined && Number(length) !== content.length) throw incomplete();
  const digests = findDigests({ ...headers, ...trailers });
  const announced = headers["x-amz-trailer"]?.toString();
  if (announced !== undefined && !(announced in trailers)) throw incomplete();
  for (const [algorithm, expected] of digests) {
    if (digest(algorithm, content) !== expected) {
      throw new S3Error(400, "BadDigest", `The ${algorithm} you specified did not match what we received.`);
    }
  }
  return { content, checked: digests.length > 0 };
}

const isChunked = (headers: IncomingHttpHeaders): boolean =>
  !!headers["content-encoding"]?.split(",").some((coding) => coding.trim() === "aws-chunked");

/** Chunks are `SIZE[;…]\r\n…\r\n`, until a size of zero; then come trailers. */
function unwrap(body: Buffer): { content: Buffer; trailers: Fields } {
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const start = body.indexOf("\r\n", at) + 2;
    const size = start < 2 ? Number.NaN : Number.parseInt(body.toString("latin1", at, start), 16);
    const end = start + size;
    if (size === 0)
      return { content: Buffer.concat(parts), trailers: parseTrailers(body.toString("latin1", end)) };
    if (!(size > 0) || body.toString("latin1", end, end + 2) !== "\r\n") throw incomplete();
    parts.push(body.subarray(start, end));
    at = end + 2;
  }
}

function parseTrailers(text: string): Fields {
  const lines = text.split(/\r?\n/).filter((line) => line.includes(":"));
  return Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
}

/** Returns the digests in `content-md5` and `x-amz-checksum-*`, in base64. */
function findDigests(fields: IncomingHttpHeaders): [algorithm: string, digest: string][] {
  return Object.entries(fields).flatMap(([name, value]) => {
    const algorithm = /^(?:content-(md5)|x-amz-checksum-(?!mode|type|algorithm)(.+))$/.exec(name);
    return algorithm ? [[(algorithm[1] ?? algorithm[2])!, String(value)]] : [];
  });
}

function digest(algorithm: string, content: Buffer): string {
  if (algorithm === "crc32") {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(crc32(content));
    return bytes.toString("base64");
  }
  if (!["md5", "sha1", "sha256"].includes(algorithm)) throw notImplemented(`the checksum ${algorithm}`);
  return createHash(algorithm).update(content).digest("base64");
}

const incomplete = () =>
  new S3Error(400, "IncompleteBody", "The body is not as long, or not made, as its headers say.");
