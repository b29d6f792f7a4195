import { createHash, randomUUID } from "node:crypto";
import { S3Error } from "./errors.ts";
import type { Objects } from "./objects.ts";
import type { Operation } from "./operation.ts";
import { readPayload } from "./payload.ts";
import { emptyResponse, type S3Response, xmlResponse } from "./response.ts";
import { document, element, textElements, unescapeXml } from "./xml.ts";

/** Least bytes of a part, but for the last one. */
const MIN_PART = 5 << 20;

interface Upload {
  readonly bucket: string;
  readonly key: string;
  readonly parts: Map<number, { readonly body: Buffer; readonly etag: string }>;
}

/** Uploads that are neither completed nor aborted, by id. */
const uploads = new WeakMap<Objects, Map<string, Upload>>();

function uploadsOf(objects: Objects): Map<string, Upload> {
  const known = uploads.get(objects) ?? new Map<string, Upload>();
  uploads.set(objects, known);
  return known;
}

/** Number of uploads that are neither completed nor aborted. */
export const openUploads = (objects: Objects): number => uploadsOf(objects).size;

/** Performs an operation of a multipart upload; undefined for another one. @param names the parameters of the request */
export function onUpload(
  operation: Operation,
  objects: Objects,
  names: readonly string[],
): S3Response | undefined {
  const what = `${operation.method} ${[...names].sort().join()}`;
  switch (what) {
    case "POST uploads":
      return create(operation, objects);
    case "PUT partNumber,uploadId":
      return uploadPart(operation, objects);
    case "POST uploadId":
      return complete(operation, objects);
    case "DELETE uploadId":
      find(operation, objects);
      uploadsOf(objects).delete(operation.query.get("uploadId")!);
      return emptyResponse(204);
    default:
      return undefined;
  }
}

function create({ bucket, key }: Operation, objects: Objects): S3Response {
  const id = `${randomUUID()}+/=`; // to be escaped in URLs
  uploadsOf(objects).set(id, { bucket, key, parts: new Map() });
  const about = { Bucket: bucket, Key: key, UploadId: id };
  return xmlResponse(document(element("InitiateMultipartUploadResult", textElements(about))));
}

function uploadPart(operation: Operation, objects: Objects): S3Response {
  const { parts } = find(operation, objects);
  const number = Number(operation.query.get("partNumber"));
  if (!(number >= 1 && number <= 10_000))
    throw new S3Error(400, "InvalidArgument", "Part number out of range");
  const { content } = readPayload(operation.headers, operation.body);
  const body = Buffer.from(content);
  const etag = `"${createHash("md5").update(body).digest("hex")}"`;
  parts.set(number, { body, etag });
  return emptyResponse(200, { etag });
}

function complete(operation: Operation, objects: Objects): S3Response {
  const { bucket, key, parts } = find(operation, objects);
  const { content } = readPayload(operation.headers, operation.body);
  const named = [...content.toString().matchAll(/<Part>(.*?)<\/Part>/gs)].map(([, part]) => ({
    number: Number(/<PartNumber>(\d+)</.exec(part!)?.[1]),
    etag: unescapeXml(/<ETag>([^<]*)</.exec(part!)?.[1] ?? ""),
  }));
  const bodies = named.map(({ number, etag }, i) => {
    const part = parts.get(number);
    if (part?.etag !== etag)
      throw new S3Error(400, "InvalidPart", "One or more of the parts could not be found.");
    if (i > 0 && number <= named[i - 1]!.number)
      throw new S3Error(400, "InvalidPartOrder", "The list of parts was not in ascending order.");
    if (i < named.length - 1 && part.body.length < MIN_PART)
      throw new S3Error(
        400,
        "EntityTooSmall",
        "Your proposed upload is smaller than the minimum allowed size",
      );
    return part.body;
  });
  if (bodies.length === 0)
    throw new S3Error(400, "MalformedXML", "The XML you provided was not well-formed.");
  const { etag } = objects.put(bucket, key, Buffer.concat(bodies));
  uploadsOf(objects).delete(operation.query.get("uploadId")!);
  const about = { Bucket: bucket, Key: key, ETag: `"${etag}-${bodies.length}"` };
  return xmlResponse(document(element("CompleteMultipartUploadResult", textElements(about))));
}

function find({ bucket, key, query }: Operation, objects: Objects): Upload {
  const upload = uploadsOf(objects).get(query.get("uploadId") ?? "");
  if (upload?.bucket === bucket && upload.key === key) return upload;
  throw new S3Error(404, "NoSuchUpload", "The specified upload does not exist.");
}
