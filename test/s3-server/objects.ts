import { createHash, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { S3Error } from "./errors.ts";
import { encode } from "./signature.ts";

export interface StoredObject {
  body: Buffer;
  /** MD5 of the body, as S3's ETag of a plain PUT. */
  etag: string;
  /** Epoch milliseconds. */
  modified: number;
  contentType: string;
  /** `x-amz-meta-*` headers. */
  metadata: Record<string, string>;
}

type Header = Omit<StoredObject, "body"> & { key: string };

/**
 * Buckets and their objects in memory, and if a folder is given on disk too, whence they are read at the start. A file
 * on disk is written beside its place and renamed into it: whole or not at all.
 */
export class Objects {
  readonly #buckets = new Map<string, Map<string, StoredObject>>();
  readonly #folder: string | undefined;

  constructor(folder?: string) {
    this.#folder = folder;
    if (folder !== undefined) this.#load(folder);
  }

  /** Makes a bucket; one that is there stays. */
  createBucket(name: string): void {
    if (!this.#buckets.has(name)) this.#buckets.set(name, new Map());
    if (this.#folder !== undefined) mkdirSync(join(this.#folder, encode(name)), { recursive: true });
  }

  /** @throws {S3Error} NoSuchBucket */
  bucket(name: string): ReadonlyMap<string, StoredObject> {
    return this.#bucket(name);
  }

  put(
    bucket: string,
    key: string,
    body: Buffer,
    about: Partial<Pick<StoredObject, "contentType" | "metadata">> = {},
  ): StoredObject {
    const object: StoredObject = {
      body,
      etag: createHash("md5").update(body).digest("hex"),
      modified: Date.now(),
      contentType: about.contentType ?? "binary/octet-stream",
      metadata: about.metadata ?? {},
    };
    const objects = this.#bucket(bucket);
    if (this.#folder !== undefined) save(this.#file(bucket, key), { ...object, key }, body);
    objects.set(key, object);
    return object;
  }

  delete(bucket: string, key: string): void {
    this.#bucket(bucket).delete(key);
    if (this.#folder !== undefined) rmSync(this.#file(bucket, key), { force: true });
  }

  #bucket(name: string): Map<string, StoredObject> {
    const objects = this.#buckets.get(name);
    if (!objects) throw new S3Error(404, "NoSuchBucket", "The specified bucket does not exist");
    return objects;
  }

  /** Keys may be longer, and hold more, than file names: the name is a hash. */
  #file(bucket: string, key: string): string {
    return join(this.#folder!, encode(bucket), createHash("sha256").update(key).digest("hex"));
  }

  #load(folder: string): void {
    if (!existsSync(folder)) mkdirSync(folder, { recursive: true });
    for (const name of readdirSync(folder)) {
      const objects = new Map<string, StoredObject>();
      this.#buckets.set(decodeURIComponent(name), objects);
      for (const file of readdirSync(join(folder, name))) {
        if (file.endsWith(".tmp")) rmSync(join(folder, name, file));
        else {
          const { key, ...object } = load(join(folder, name, file));
          objects.set(key, object);
        }
      }
    }
  }
}

/** A file: one line of JSON, then the body. */
function save(file: string, header: Header & { body?: Buffer }, body: Buffer): void {
  const { body: _, ...line } = header;
  const temporary = `${file}.${randomUUID()}.tmp`;
  writeFileSync(temporary, Buffer.concat([Buffer.from(`${JSON.stringify(line)}\n`), body]), { flush: true });
  renameSync(temporary, file);
}

function load(file: string): StoredObject & { key: string } {
  const bytes = readFileSync(file);
  const end = bytes.indexOf(10);
  const header: Header = JSON.parse(bytes.subarray(0, end).toString());
  return { ...header, body: bytes.subarray(end + 1) };
}
