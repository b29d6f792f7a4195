import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { S3Error } from "./errors.ts";
import { listObjects } from "./listing.ts";
import type { Objects, StoredObject } from "./objects.ts";
import { document, element, textElement, unescapeXml } from "./xml.ts";

/** A request whose signature was found good. */
export interface Operation {
  method: string;
  bucket: string;
  /** Empty: the bucket itself. */
  key: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

const XML = { "content-type": "application/xml" };
const answer = (
  status: number,
  headers: Record<string, string> = {},
  body: Buffer = Buffer.alloc(0),
): Answer => ({
  status,
  headers,
  body,
});

/** Does what a request asks. @throws {S3Error} */
export function perform(operation: Operation, objects: Objects, pageSize: number): Answer {
  if (operation.bucket === "") throw notImplemented();
  return operation.key === "" ? onBucket(operation, objects, pageSize) : onObject(operation, objects);
}

const notImplemented = () =>
  new S3Error(501, "NotImplemented", "This server does not implement that operation.");

function onBucket({ method, bucket, query, body }: Operation, objects: Objects, pageSize: number): Answer {
  if (method === "PUT" && [...query.keys()].every((name) => name === "x-id")) {
    objects.createBucket(bucket);
    return answer(200, { location: `/${bucket}` });
  }
  const there = objects.bucket(bucket);
  if (method === "HEAD") return answer(200);
  if (method === "GET" && query.get("list-type") === "2") {
    return answer(200, XML, listObjects(bucket, there, query, pageSize));
  }
  if (method === "POST" && query.has("delete")) return deleteMany(bucket, body, objects);
  throw notImplemented();
}

function deleteMany(bucket: string, body: Buffer, objects: Objects): Answer {
  const keys = [...body.toString().matchAll(/<Key>([^<]*)<\/Key>/g)].map((match) => unescapeXml(match[1]!));
  if (keys.length === 0 || keys.length > 1000) throw new S3Error(400, "MalformedXML");
  for (const key of keys) objects.delete(bucket, key);
  const deleted = keys.map((key) => element("Deleted", textElement("Key", key))).join("");
  return answer(200, XML, document(element("DeleteResult", deleted)));
}

function onObject(operation: Operation, objects: Objects): Answer {
  const { method, bucket, key, headers } = operation;
  const there = objects.bucket(bucket).get(key);
  if (method === "PUT")
    return headers["x-amz-copy-source"] ? copy(operation, objects) : put(operation, there, objects);
  if (method === "DELETE") {
    objects.delete(bucket, key);
    return answer(204);
  }
  if (method !== "GET" && method !== "HEAD") throw notImplemented();
  if (!there) throw new S3Error(404, "NoSuchKey", "The specified key does not exist.");
  return read(there, headers);
}

function put(
  { bucket, key, headers, body }: Operation,
  there: StoredObject | undefined,
  objects: Objects,
): Answer {
  const ifNoneMatch = headers["if-none-match"];
  if (ifNoneMatch !== undefined && ifNoneMatch !== "*") throw notImplemented();
  if (ifNoneMatch && there) throw preconditionFailed();
  const ifMatch = headers["if-match"];
  if (ifMatch && !there) throw new S3Error(404, "NoSuchKey", "The specified key does not exist.");
  if (ifMatch && !matches(ifMatch, there!)) throw preconditionFailed();
  const content = decodeBody(headers, body);
  const md5 = headers["content-md5"];
  if (md5 !== undefined && md5 !== createHash("md5").update(content).digest("base64")) {
    throw new S3Error(400, "BadDigest", "The Content-MD5 you specified did not match what we received.");
  }
  const object = objects.put(bucket, key, content, {
    ...(headers["content-type"] && { contentType: headers["content-type"] }),
    metadata: Object.fromEntries(
      Object.entries(headers).flatMap(([name, value]) =>
        name.startsWith("x-amz-meta-") ? [[name, String(value)]] : [],
      ),
    ),
  });
  return answer(200, { etag: `"${object.etag}"` });
}

const preconditionFailed = () =>
  new S3Error(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold");

/** The content of an `aws-chunked` body: `SIZE[;…]\r\n…\r\n` until a size of zero, then trailers. */
function decodeBody(headers: IncomingHttpHeaders, body: Buffer): Buffer {
  if (!headers["content-encoding"]?.includes("aws-chunked")) return body;
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const end = body.indexOf("\r\n", at);
    const size = Number.parseInt(body.subarray(at, end).toString(), 16);
    if (end < 0 || !(size >= 0) || end + 2 + size > body.length) throw new S3Error(400, "IncompleteBody");
    if (size === 0) return Buffer.concat(parts);
    parts.push(body.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
}

function copy({ bucket, key, headers }: Operation, objects: Objects): Answer {
  const source = decodeURIComponent(String(headers["x-amz-copy-source"])).replace(/^\//, "");
  const slash = source.indexOf("/");
  const from = objects.bucket(source.slice(0, slash)).get(source.slice(slash + 1));
  if (!from) throw new S3Error(404, "NoSuchKey", "The specified key does not exist.");
  const made = objects.put(bucket, key, from.body, from);
  const about =
    textElement("LastModified", new Date(made.modified).toISOString()) +
    textElement("ETag", `"${made.etag}"`);
  return answer(200, XML, document(element("CopyObjectResult", about)));
}

function read(object: StoredObject, headers: IncomingHttpHeaders): Answer {
  const about = {
    etag: `"${object.etag}"`,
    "last-modified": new Date(object.modified).toUTCString(),
    "content-type": object.contentType,
    "accept-ranges": "bytes",
    ...object.metadata,
  };
  const { "if-match": ifMatch, "if-none-match": ifNoneMatch } = headers;
  if (ifMatch && !matches(ifMatch, object)) throw preconditionFailed();
  if (ifNoneMatch && matches(ifNoneMatch, object)) return answer(304, about);
  const range = parseRange(headers.range, object.body.length);
  if (!range) return answer(200, about, object.body);
  const [from, to] = range;
  const contentRange = `bytes ${from}-${to - 1}/${object.body.length}`;
  return answer(206, { ...about, "content-range": contentRange }, object.body.subarray(from, to));
}

/** `from` and `to` (past the end) of a single range; headers of any other form are ignored, as HTTP allows. */
function parseRange(header: string | undefined, size: number): [from: number, to: number] | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? "");
  if (!match || (match[1] === "" && match[2] === "")) return undefined;
  const [first, last] = [match[1]!, match[2]!];
  const from = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const to = first === "" || last === "" ? size : Math.min(size, Number(last) + 1);
  if (from >= to) {
    const message = "The requested range is not satisfiable";
    throw new S3Error(416, "InvalidRange", message, { "content-range": `bytes */${size}` });
  }
  return [from, to];
}

const matches = (header: string, { etag }: StoredObject): boolean =>
  header === "*" ||
  header.split(",").some((tag) => tag.trim().replace(/^W\//, "").replaceAll('"', "") === etag);
