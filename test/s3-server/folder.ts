import { createHash, randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { StoredObject } from "./objects.ts";

const TEMPORARY = ".tmp";

/**
 * Objects on disk: a folder for each bucket, a file for each object. Files are written under a temporary name
 * and renamed, so they are never partial.
 */
export class Folder {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** Reads all objects, and removes the temporary files of a server that was killed. */
  load(): Map<string, Map<string, StoredObject>> {
    mkdirSync(this.#path, { recursive: true });
    const folders = readdirSync(this.#path, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    return new Map(folders.map(({ name }) => [name, loadBucket(join(this.#path, name))]));
  }

  createBucket(bucket: string): void {
    mkdirSync(join(this.#path, bucket), { recursive: true });
  }

  save(bucket: string, key: string, { body, ...about }: StoredObject): void {
    const file = this.#file(bucket, key);
    const temporary = `${file}.${randomUUID()}${TEMPORARY}`;
    const line = Buffer.from(`${JSON.stringify({ key, ...about })}\n`);
    writeFileSync(temporary, Buffer.concat([line, body]), { flush: true });
    renameSync(temporary, file);
  }

  delete(bucket: string, key: string): void {
    rmSync(this.#file(bucket, key), { force: true });
  }

  /** The file name is a hash: keys may be longer than file names, and have more characters. */
  #file(bucket: string, key: string): string {
    return join(this.#path, bucket, createHash("sha256").update(key).digest("hex"));
  }
}

function loadBucket(path: string): Map<string, StoredObject> {
  const files = readdirSync(path);
  for (const file of files.filter((name) => name.endsWith(TEMPORARY))) rmSync(join(path, file));
  return new Map(
    files.filter((name) => !name.endsWith(TEMPORARY)).map((name) => loadObject(join(path, name))),
  );
}

/** Reads a file: a line of JSON, then the body. */
function loadObject(file: string): [key: string, object: StoredObject] {
  const bytes = readFileSync(file);
  const end = bytes.indexOf("\n");
  const { key, ...about }: Omit<StoredObject, "body"> & { key: string } = JSON.parse(
    bytes.toString("utf8", 0, end),
  );
  return [key, { ...about, body: bytes.subarray(end + 1) }];
}
