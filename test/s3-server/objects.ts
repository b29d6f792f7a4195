import { createHash } from "node:crypto";
import { S3Error } from "./errors.ts";
import { Folder } from "./folder.ts";

export interface StoredObject {
  body: Buffer;
  /** MD5 of the body, as S3's ETag of a plain PUT. */
  etag: string;
  /** Epoch milliseconds. */
  modified: number;
  contentType: string;
  /** Further headers that GET returns, such as `x-amz-meta-*` and `cache-control`. */
  metadata: Record<string, string>;
}

const LONGEST_KEY = 1024;

/**
 * Buckets and their objects in memory. With a folder they are also written to disk, and read at the start.
 */
export class Objects {
  readonly #buckets: Map<string, Map<string, StoredObject>>;
  readonly #folder: Folder | undefined;
  readonly #listeners = new Map<string, (key: string) => void>();

  constructor(folder?: string) {
    this.#folder = folder === undefined ? undefined : new Folder(folder);
    this.#buckets = this.#folder?.load() ?? new Map();
  }

  /** Creates a bucket, unless it exists. @throws {S3Error} InvalidBucketName */
  createBucket(name: string): void {
    if (!/^(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name)) {
      throw new S3Error(400, "InvalidBucketName", "The specified bucket is not valid.");
    }
    if (this.#buckets.has(name)) return;
    this.#folder?.createBucket(name);
    this.#buckets.set(name, new Map());
  }

  /** Creates a bucket in memory with the objects of another one. @throws {S3Error} NoSuchBucket */
  cloneBucket(from: string, to: string): void {
    this.#buckets.set(to, new Map(this.#bucket(from)));
  }

  /** Removes a bucket of the memory with its objects. */
  dropBucket(name: string): void {
    this.#buckets.delete(name);
    this.#listeners.delete(name);
  }

  /** Calls `listener` after each change of an object of a bucket, in place of the one before. */
  watch(bucket: string, listener: (key: string) => void): void {
    this.#listeners.set(bucket, listener);
  }

  /** Returns the objects of a bucket by key, in the order in which they were first stored. @throws {S3Error} NoSuchBucket */
  bucket(name: string): ReadonlyMap<string, StoredObject> {
    return this.#bucket(name);
  }

  /** Stores a copy of `body`. @throws {S3Error} NoSuchBucket, KeyTooLongError */
  put(
    bucket: string,
    key: string,
    body: Uint8Array | string,
    about: Partial<Pick<StoredObject, "contentType" | "metadata">> = {},
  ): StoredObject {
    if (Buffer.byteLength(key) > LONGEST_KEY) {
      throw new S3Error(400, "KeyTooLongError", "Your key is too long");
    }
    const object: StoredObject = {
      body: Buffer.from(body),
      etag: createHash("md5").update(body).digest("hex"),
      modified: Date.now(),
      contentType: about.contentType ?? "binary/octet-stream",
      metadata: about.metadata ?? {},
    };
    const objects = this.#bucket(bucket);
    this.#folder?.save(bucket, key, object);
    objects.set(key, object);
    this.#listeners.get(bucket)?.(key);
    return object;
  }

  /** Deletes an object. A missing object is no error. @throws {S3Error} NoSuchBucket */
  delete(bucket: string, key: string): void {
    this.#bucket(bucket).delete(key);
    this.#folder?.delete(bucket, key);
    this.#listeners.get(bucket)?.(key);
  }

  #bucket(name: string): Map<string, StoredObject> {
    const objects = this.#buckets.get(name);
    if (!objects) throw new S3Error(404, "NoSuchBucket", "The specified bucket does not exist");
    return objects;
  }
}
