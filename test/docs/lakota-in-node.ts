import { resolve } from "node:path";
import { type OpenOptions, openRepo as openInNode } from "../../src/node.ts";
import { FileStore } from "../../src/stores/file/file-store.ts";

/** Folders take the place of what is on a network or in a browser: `s3://bucket/weather` is the folder `weather`. */
const openRemote = (uri: string) =>
  new FileStore(
    resolve(
      uri
        .replace(/[?#].*/, "")
        .split("/")
        .at(-1)!,
    ),
  );
const openLocal = (uri: string) => new FileStore(resolve(uri.replace("://", "-")));
const FOLDERS = { s3: openRemote, http: openRemote, https: openRemote, indexeddb: openLocal };

export const openRepo = (uri: string | readonly string[], options: OpenOptions = {}) =>
  openInNode(uri, { ...options, schemes: FOLDERS });

/** `connect` on the current thread. */
export const connect = openRepo;

export * from "../../src/index.ts";
