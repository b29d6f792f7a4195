import { noSuchKey, notImplemented } from "./errors.ts";
import { listObjects } from "./listing.ts";
import type { Objects } from "./objects.ts";
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
export function perform(operation: Operation, objects: Objects, pageSize: number): S3Response {
  if (operation.bucket === "") throw notImplemented("operations on the service");
  return operation.key === "" ? onBucket(operation, objects, pageSize) : onObject(operation, objects);
}

const LISTING = ["prefix", "delimiter", "max-keys", "encoding-type"];
const LISTING_1 = [...LISTING, "marker"];
const LISTING_2 = [...LISTING, "list-type", "start-after", "continuation-token", "fetch-owner"];

function onBucket(operation: Operation, objects: Objects, pageSize: number): S3Response {
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
    return xmlResponse(listObjects(bucket, there, query, pageSize));
  }
  throw notImplemented(`${method} of a bucket with the parameters "${names.join()}"`);
}

function onObject(operation: Operation, objects: Objects): S3Response {
  const { method, bucket, key, headers, query } = operation;
  const names = subresources(query);
  // A parameter may select another operation: `?uploadId` on a PUT must not overwrite the object.
  if (names.length > 0) throw notImplemented(`${method} of an object with the parameters "${names.join()}"`);
  const there = objects.bucket(bucket).get(key);
  switch (method) {
    case "GET":
    case "HEAD":
      if (!there) throw noSuchKey();
      return readObject(there, headers);
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
