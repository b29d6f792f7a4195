import { noSuchKey, notImplemented } from "./errors.ts";
import type { Fault } from "./faults.ts";
import { listObjects } from "./listing.ts";
import { onUpload } from "./multipart.ts";
import type { Objects, StoredObject } from "./objects.ts";
import type { Operation } from "./operation.ts";
import { readObject } from "./reading.ts";
import { emptyResponse, type S3Response, xmlResponse } from "./response.ts";
import { copyObject, deleteMany, deleteObject, putObject } from "./writing.ts";

/**
 * Performs a request. Synchronous, so that no other write comes between a condition and the write that
 * depends on it.
 *
 * @throws {S3Error}
 */
export function perform(
  operation: Operation,
  objects: Objects,
  pageSize: number,
  fault: Fault = {},
): S3Response {
  if (operation.bucket === "") throw notImplemented("operations on the service");
  return operation.key === ""
    ? onBucket(operation, objects, pageSize, fault)
    : onObject(operation, objects, fault);
}

const LISTING = ["prefix", "delimiter", "max-keys", "encoding-type"];
const LISTING_1 = [...LISTING, "marker"];
const LISTING_2 = [...LISTING, "list-type", "start-after", "continuation-token", "fetch-owner"];

function onBucket(operation: Operation, objects: Objects, pageSize: number, { lag = 0 }: Fault): S3Response {
  const { method, bucket, query } = operation;
  const names = subresources(query);
  if (method === "PUT" && names.length === 0) {
    objects.createBucket(bucket);
    return emptyResponse(200, { location: `/${bucket}` });
  }
  const there = objects.bucket(bucket);
  if (method === "HEAD" && names.length === 0) return emptyResponse(200);
  if (method === "POST" && names.join() === "delete") return deleteMany(operation, objects);
  const parameters = query.get("list-type") === "2" ? LISTING_2 : LISTING_1;
  if (method === "GET" && names.every((name) => parameters.includes(name))) {
    const listed = lag > 0 ? withoutNewest(there, query.get("prefix") ?? "", lag) : there;
    return xmlResponse(listObjects(bucket, listed, query, pageSize));
  }
  throw notImplemented(`${method} of a bucket with the parameters "${names.join()}"`);
}

function onObject(operation: Operation, objects: Objects, { swap }: Fault): S3Response {
  const { method, bucket, key, headers, query } = operation;
  const names = subresources(query);
  const uploaded = onUpload(operation, objects, names);
  if (uploaded) return uploaded;
  // A parameter may select another operation: `?uploadId` on a PUT must not overwrite the object.
  if (names.length > 0) throw notImplemented(`${method} of an object with the parameters "${names.join()}"`);
  const there = objects.bucket(bucket).get(key);
  switch (method) {
    case "GET":
    case "HEAD":
      if (!there) throw noSuchKey();
      return readObject(swap ? another(objects.bucket(bucket), there) : there, headers);
    case "PUT":
      return headers["x-amz-copy-source"] ? copyObject(operation, objects) : putObject(operation, objects);
    case "DELETE":
      return deleteObject(operation, objects);
    default:
      throw notImplemented(`${method} of an object`);
  }
}

/**
 * Returns the parameters that select the operation: all but those of the signature and `x-id` of the AWS SDK.
 */
const subresources = (query: URLSearchParams): string[] =>
  [...query.keys()].filter((name) => !/^(x-id$|x-amz-)/i.test(name));

/** Returns a bucket as it was before the last `count` objects with a prefix were stored. */
function withoutNewest(objects: ReadonlyMap<string, StoredObject>, prefix: string, count: number) {
  const newest = [...objects.keys()].filter((key) => key.startsWith(prefix)).slice(-count);
  return new Map([...objects].filter(([key]) => !newest.includes(key)));
}

/** Returns the object with other bytes whose size is nearest, or the object itself if there is none. */
function another(objects: ReadonlyMap<string, StoredObject>, object: StoredObject): StoredObject {
  const distance = ({ body }: StoredObject) => Math.abs(body.length - object.body.length);
  const others = [...objects.values()].filter(({ etag }) => etag !== object.etag);
  return others.sort((a, b) => distance(a) - distance(b))[0] ?? object;
}
