import { type Answer, emptyAnswer, xmlAnswer } from "./answer.ts";
import { noSuchKey, notImplemented } from "./errors.ts";
import { listObjects } from "./listing.ts";
import type { Objects } from "./objects.ts";
import type { Operation } from "./operation.ts";
import { readObject } from "./reading.ts";
import { copyObject, deleteMany, deleteObject, putObject } from "./writing.ts";

/**
 * Does what a request asks. Nothing in here waits, so that between a condition and the write that depends on it there is
 * no other write.
 *
 * @throws {S3Error}
 */
export function perform(operation: Operation, objects: Objects, pageSize: number): Answer {
  if (operation.bucket === "") throw notImplemented("operations on the service");
  return operation.key === "" ? onBucket(operation, objects, pageSize) : onObject(operation, objects);
}

const LISTING = ["prefix", "delimiter", "max-keys", "encoding-type"];
const LISTING_1 = [...LISTING, "marker"];
const LISTING_2 = [...LISTING, "list-type", "start-after", "continuation-token", "fetch-owner"];

function onBucket(operation: Operation, objects: Objects, pageSize: number): Answer {
  const { method, bucket, query } = operation;
  const names = subresources(query);
  if (method === "PUT" && names.length === 0) {
    objects.createBucket(bucket);
    return emptyAnswer(200, { location: `/${bucket}` });
  }
  const there = objects.bucket(bucket);
  if (method === "HEAD" && names.length === 0) return emptyAnswer(200);
  if (method === "POST" && names.join() === "delete") return deleteMany(operation, objects);
  const parameters = query.get("list-type") === "2" ? LISTING_2 : LISTING_1;
  if (method === "GET" && names.every((name) => parameters.includes(name))) {
    return xmlAnswer(listObjects(bucket, there, query, pageSize));
  }
  throw notImplemented(`${method} of a bucket with the parameters "${names.join()}"`);
}

function onObject(operation: Operation, objects: Objects): Answer {
  const { method, bucket, key, headers, query } = operation;
  const names = subresources(query);
  // One more parameter makes another operation: `?uploadId` on a PUT must not overwrite the object.
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

/** Parameters that say which operation is meant: all but those of the signature and of the AWS SDK (`x-id`). */
const subresources = (query: URLSearchParams): string[] =>
  [...query.keys()].filter((name) => !/^(x-id$|x-amz-)/i.test(name));
