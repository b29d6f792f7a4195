import type { IncomingHttpHeaders } from "node:http";
import { decodePath } from "./address.ts";
import { type Answer, emptyAnswer, xmlAnswer } from "./answer.ts";
import { noSuchKey, notImplemented, preconditionFailed, S3Error } from "./errors.ts";
import type { Objects, StoredObject } from "./objects.ts";
import type { Operation } from "./operation.ts";
import { readPayload } from "./payload.ts";
import { matches } from "./reading.ts";
import { document, element, textElement, textElements, unescapeXml } from "./xml.ts";

/** PutObject, which may depend on If-None-Match and If-Match. */
export function putObject(operation: Operation, objects: Objects): Answer {
  checkConditions(operation, objects);
  const { bucket, key, headers, body } = operation;
  const { content } = readPayload(headers, body);
  const { etag } = objects.put(bucket, key, content, describeContent(headers));
  return emptyAnswer(200, { etag: `"${etag}"` });
}

/** CopyObject, with the same conditions on the target. */
export function copyObject(operation: Operation, objects: Objects): Answer {
  checkConditions(operation, objects);
  const { bucket, key, headers } = operation;
  const conditional = Object.keys(headers).find((name) => name.startsWith("x-amz-copy-source-"));
  if (conditional) throw notImplemented(conditional);
  const source = findSource(String(headers["x-amz-copy-source"]), objects);
  const replaces = headers["x-amz-metadata-directive"] === "REPLACE";
  const made = objects.put(bucket, key, source.body, replaces ? describeContent(headers) : source);
  const about = { LastModified: new Date(made.modified).toISOString(), ETag: `"${made.etag}"` };
  return xmlAnswer(document(element("CopyObjectResult", textElements(about))));
}

/** `/BUCKET/KEY`, percent-encoded, with or without the first slash. */
function findSource(header: string, objects: Objects): StoredObject {
  if (header.includes("?")) throw notImplemented("copying a version");
  const path = decodePath(header).replace(/^\//, "");
  const slash = path.indexOf("/");
  const source = objects.bucket(path.slice(0, slash)).get(path.slice(slash + 1));
  if (!source) throw noSuchKey();
  return source;
}

export function deleteObject(operation: Operation, objects: Objects): Answer {
  checkConditions(operation, objects);
  objects.delete(operation.bucket, operation.key);
  return emptyAnswer(204);
}

/** DeleteObjects: up to 1,000 keys in XML, for which S3 wants a digest. */
export function deleteMany({ bucket, headers, body }: Operation, objects: Objects): Answer {
  const { content, checked } = readPayload(headers, body);
  if (!checked)
    throw new S3Error(400, "InvalidRequest", "Missing required header for this request: Content-MD5");
  const xml = content.toString();
  const keys = [...xml.matchAll(/<Key>([^<]*)<\/Key>/g)].map((match) => unescapeXml(match[1]!));
  if (keys.length === 0 || keys.length > 1000) {
    throw new S3Error(400, "MalformedXML", "The XML you provided was not well-formed.");
  }
  for (const key of keys) objects.delete(bucket, key);
  const told = xml.includes("<Quiet>true</Quiet>") ? [] : keys;
  const deleted = told.map((key) => element("Deleted", textElement("Key", key)));
  return xmlAnswer(document(element("DeleteResult", deleted.join(""))));
}

/** Throws unless what is there is what If-None-Match and If-Match want. */
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

/** Headers that GET gives back as they came. */
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
