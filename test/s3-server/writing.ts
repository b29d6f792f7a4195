import type { IncomingHttpHeaders } from "node:http";
import { decodePath } from "./address.ts";
import { noSuchKey, notImplemented, preconditionFailed, S3Error } from "./errors.ts";
import type { Objects, StoredObject } from "./objects.ts";
import type { Operation } from "./operation.ts";
import { readPayload } from "./payload.ts";
import { matches } from "./reading.ts";
import { emptyResponse, type S3Response, xmlResponse } from "./response.ts";
import { document, element, textElement, textElements, unescapeXml } from "./xml.ts";

/** PutObject, with the conditions If-None-Match and If-Match. */
export function putObject(operation: Operation, objects: Objects): S3Response {
  checkConditions(operation, objects);
  const { bucket, key, headers, body } = operation;
  const { content } = readPayload(headers, body);
  const { etag } = objects.put(bucket, key, content, describeContent(headers));
  return emptyResponse(200, { etag: `"${etag}"` });
}

/** CopyObject, with the same conditions on the target. */
export function copyObject(operation: Operation, objects: Objects): S3Response {
  checkConditions(operation, objects);
  const { bucket, key, headers } = operation;
  const conditional = Object.keys(headers).find((name) => name.startsWith("x-amz-copy-source-"));
  if (conditional) throw notImplemented(conditional);
  const source = findSource(String(headers["x-amz-copy-source"]), objects);
  const replaces = headers["x-amz-metadata-directive"] === "REPLACE";
  const made = objects.put(bucket, key, source.body, replaces ? describeContent(headers) : source);
  const about = { LastModified: new Date(made.modified).toISOString(), ETag: `"${made.etag}"` };
  return xmlResponse(document(element("CopyObjectResult", textElements(about))));
}

/** Finds the object of `/BUCKET/KEY`, percent-encoded, with or without leading slash. */
function findSource(header: string, objects: Objects): StoredObject {
  if (header.includes("?")) throw notImplemented("copying a version");
  const path = decodePath(header).replace(/^\//, "");
  const slash = path.indexOf("/");
  const source = objects.bucket(path.slice(0, slash)).get(path.slice(slash + 1));
  if (!source) throw noSuchKey();
  return source;
}

export function deleteObject(operation: Operation, objects: Objects): S3Response {
  checkConditions(operation, objects);
  objects.delete(operation.bucket, operation.key);
  return emptyResponse(204);
}

/** DeleteObjects: up to 1,000 keys in XML, for which S3 requires a digest. */
export function deleteMany({ bucket, headers, body }: Operation, objects: Objects): S3Response {
  const { content, checked } = readPayload(headers, body);
  if (!checked)
    throw new S3Error(400, "InvalidRequest", "Missing required header for this request: Content-MD5");
  const xml = content.toString();
  const keys = [...xml.matchAll(/<Key>([^<]*)<\/Key>/g)].map((match) => unescapeXml(match[1]!));
  if (keys.length === 0 || keys.length > 1000) {
    throw new S3Error(400, "MalformedXML", "The XML you provided was not well-formed.");
  }
  for (const key of keys) objects.delete(bucket, key);
  const reported = xml.includes("<Quiet>true</Quiet>") ? [] : keys;
  const deleted = reported.map((key) => element("Deleted", textElement("Key", key)));
  return xmlResponse(document(element("DeleteResult", deleted.join(""))));
}

/** Checks If-None-Match and If-Match. @throws {S3Error} PreconditionFailed */
function checkConditions({ bucket, key, headers }: Operation, objects: Objects): void {
  const there = objects.bucket(bucket).get(key);
  const { "if-none-match": ifNoneMatch, "if-match": ifMatch } = headers;
  if (ifNoneMatch !== undefined) {
    if (ifNoneMatch !== "*") throw notImplemented("writing with If-None-Match of an ETag");
    if (there) throw preconditionFailed();
  }
  if (ifMatch !== undefined) {
    if (!there) throw noSuchKey();
    if (!matches(ifMatch, there)) throw preconditionFailed();
  }
}

/** Collects the headers that GET returns. */
const KEPT = /^(x-amz-meta-.*|cache-control|content-disposition|content-language|expires)$/;

function describeContent(
  headers: IncomingHttpHeaders,
): Partial<Pick<StoredObject, "contentType" | "metadata">> {
  const kept = Object.entries(headers).filter(([name]) => KEPT.test(name));
  const encoding = headers["content-encoding"]?.replace(/\s*aws-chunked\s*,?/, "").trim();
  return {
    ...(headers["content-type"] !== undefined && { contentType: headers["content-type"] }),
    metadata: {
      ...Object.fromEntries(kept.map(([name, value]) => [name, String(value)])),
      ...(encoding && { "content-encoding": encoding }),
    },
  };
}
