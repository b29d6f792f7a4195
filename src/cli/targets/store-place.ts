import { LakotaError } from "../../model/errors.ts";
import type { S3Store } from "../../stores/s3/s3-store.ts";
import type { FilePlace } from "./file-place.ts";
import { StoredBlob } from "./stored-blob.ts";

/** Files of a bucket, which are read and written in parts: a few MB of a file are in memory at a time. */
export function storePlace(store: S3Store, signal: AbortSignal): FilePlace {
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
