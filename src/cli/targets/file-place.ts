import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ExportSink } from "../../interchange/files/export-collection.ts";
import { filesIn, folderSink } from "../../interchange/files/folder.ts";
import type { ImportFile } from "../../interchange/files/import-files.ts";
import { LakotaError } from "../../model/errors.ts";
import { S3Store } from "../../stores/s3/s3-store.ts";
import { folderPath } from "../config/check-folder.ts";
import type { Context } from "../context.ts";
import { UsageError } from "../options/usage-error.ts";
import { StoredBlob } from "./stored-blob.ts";

/** What is in a place, one level deep; what is hidden is left out. */
export interface Listing {
  readonly folders: readonly string[];
  readonly files: readonly string[];
}

/** Where files are exported to and imported from: a folder of this machine, or a prefix of a bucket. */
export interface FilePlace {
  /** As messages name it. */
  readonly name: string;
  /** @throws `not-found` if there is nothing; `invalid-argument` for a file */
  list(): Promise<Listing>;
  /** Returns the files of a folder and its subfolders. */
  filesIn(folder: string): Promise<readonly ImportFile[]>;
  /** Returns the text of a file; undefined if there is none. */
  read(folder: string, name: string): Promise<string | undefined>;
  /** Writes a file. An existing one is replaced. */
  write(folder: string, name: string, text: string): Promise<void>;
  /** Returns a sink for files of a folder. */
  sink(folder: string): ExportSink;
}

/** Opens a place: a path, `file://`, or `s3://`. @throws UsageError for other addresses */
export async function openPlace(
  context: Context,
  text: string,
): Promise<{ place: FilePlace; close(): void }> {
  if (/^s3:/i.test(text)) {
    const opened = await context.open([text], { cache: false });
    const { store } = opened;
    if (!(store instanceof S3Store)) throw new LakotaError("internal", `${store.uri} is no store of S3.`);
    return { place: storePlace(store, context.signal), close: () => opened.close() };
  }
  const path = folderPath(text);
  if (path === undefined)
    throw new UsageError(
      `"${text}" is neither a folder nor an address of S3 (s3://bucket/prefix). Copy between repos with push and pull.`,
    );
  return { place: folderPlace(path), close: () => undefined };
}

function folderPlace(root: string): FilePlace {
  return {
    name: root,
    async list() {
      const info = await stat(root).catch(() => undefined);
      if (!info) throw new LakotaError("not-found", `There is no folder ${root}.`);
      if (!info.isDirectory()) {
        const message = `${root} is a file. Write it with \`lakota write COLLECTION/SERIES ${root} --create\`.`;
        throw new LakotaError("invalid-argument", message);
      }
      const folders: string[] = [];
      const files: string[] = [];
      for (const name of (await readdir(root)).sort()) {
        if (name.startsWith(".")) continue;
        const isFolder = (await stat(join(root, name)).catch(() => undefined))?.isDirectory();
        (isFolder ? folders : files).push(name);
      }
      return { folders, files };
    },
    filesIn: (folder) => filesIn(join(root, folder)),
    read: (folder, name) => readFile(join(root, folder, name), "utf8").catch(() => undefined),
    async write(folder, name, text) {
      await mkdir(join(root, folder), { recursive: true });
      await writeFile(join(root, folder, name), text);
    },
    sink: (folder) => folderSink(join(root, folder)),
  };
}

/** Files of a bucket, which are read and written in parts: a few MB of a file are in memory at a time. */
function storePlace(store: S3Store, signal: AbortSignal): FilePlace {
  const pathsIn = async (prefix: string) =>
    (await store.list(prefix, { signal, detail: "path" })).map(({ path }) => path.slice(prefix.length));
  const isHidden = (path: string) => path.split("/").some((part) => part.startsWith("."));
  return {
    name: store.uri,
    async list() {
      const folders = new Set<string>();
      const files: string[] = [];
      for (const path of await pathsIn("")) {
        const slash = path.indexOf("/");
        if (path.startsWith(".")) continue;
        if (slash < 0) files.push(path);
        else folders.add(path.slice(0, slash));
      }
      if (folders.size + files.length === 0)
        throw new LakotaError("not-found", `There are no files in ${store.uri}.`);
      return { folders: [...folders], files };
    },
    async filesIn(folder) {
      const prefix = `${folder}/`;
      const entries = await store.list(prefix, { signal, detail: "modified" });
      return entries
        .map((entry) => ({ path: entry.path.slice(prefix.length), entry }))
        .filter(({ path }) => !isHidden(path))
        .map(({ path, entry }) => ({ path, open: () => new StoredBlob(store, entry, signal) }));
    },
    async read(folder, name) {
      const bytes = await store.get(`${folder}/${name}`, { signal });
      return bytes && new TextDecoder().decode(bytes);
    },
    async write(folder, name, text) {
      await store.put(`${folder}/${name}`, new TextEncoder().encode(text), { overwrite: true, signal });
    },
    sink: (folder) => (path) => {
      const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
      const stored = store.put(`${folder}/${path}`, readable, { overwrite: true, signal });
      return untilStored(writable, stored);
    },
  };
}

/** Returns a stream that fails once storing what is written to it has, and is closed when that is done. */
function untilStored(
  writable: WritableStream<Uint8Array>,
  stored: Promise<unknown>,
): WritableStream<Uint8Array> {
  const writer = writable.getWriter();
  const failed = stored.then(
    () => new Promise<never>(() => {}),
    (error) => {
      throw error;
    },
  );
  failed.catch(() => {}); // reported by the call that waits for it
  return new WritableStream<Uint8Array>({
    // Where storing fails, writing does first; what is to be removed then has been once `stored` is rejected.
    async write(chunk) {
      await Promise.race([writer.write(chunk).catch(() => stored), failed]);
    },
    async close() {
      await Promise.race([writer.close().catch(() => stored), failed]);
      await stored;
    },
    async abort(reason) {
      await writer.abort(reason).catch(() => {});
      await stored.catch(() => {}); // it has failed with the reason
    },
  });
}
