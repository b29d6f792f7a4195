import type { Bytes } from "../../model/bytes.ts";
import { LakotaError } from "../../model/errors.ts";
import type { Entry } from "../store.ts";

/**
 * Listings for web hosts that cannot list their files: one JSON file, published with the repository, that
 * holds the names of the files in some folders, and the content of some files.
 */
export interface PublishedIndex {
  /** When it was created. */
  readonly time: Date;
  /** Folder (without trailing slash) → its files, sorted by name. */
  readonly folders: ReadonlyMap<string, readonly Entry[]>;
  /** Path → content. */
  readonly files: ReadonlyMap<string, Bytes>;
}

interface Stored {
  lakota: 1;
  time: string;
  folders: Record<string, [name: string, size: number][]>;
  /** Base64. */
  files: Record<string, string>;
}

export function encodeIndex({ time, folders, files }: PublishedIndex): Bytes {
  const stored: Stored = {
    lakota: 1,
    time: time.toISOString(),
    folders: Object.fromEntries(
      [...folders].map(([folder, entries]) => [
        folder,
        entries.map(({ path, size }) => [path.slice(folder.length + 1), size]),
      ]),
    ),
    files: Object.fromEntries([...files].map(([path, bytes]) => [path, toBase64(bytes)])),
  };
  return new TextEncoder().encode(JSON.stringify(stored));
}

/** @throws `corrupt` */
export function decodeIndex(bytes: Bytes, uri: string): PublishedIndex {
  try {
    const stored: Partial<Stored> = JSON.parse(new TextDecoder().decode(bytes));
    if (stored.lakota !== 1) throw new Error(`its version is ${stored.lakota}, not 1`);
    const folders = Object.entries(stored.folders ?? {}).map(([folder, names]) => {
      const entries = names.map(([name, size]) => ({ path: `${folder}/${name}`, size }));
      if (!names.every(isName)) throw new Error(`the folder ${folder} has an entry without a name or a size`);
      return [folder, entries] as const;
    });
    const files = Object.entries(stored.files ?? {}).map(([path, text]) => [path, fromBase64(text)] as const);
    return { time: new Date(stored.time ?? 0), folders: new Map(folders), files: new Map(files) };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new LakotaError("corrupt", `The index of ${uri} cannot be read: ${why}. Publish the repo again.`, {
      cause,
    });
  }
}

const isName = (entry: readonly unknown[]) => typeof entry[0] === "string" && typeof entry[1] === "number";

const toBase64 = (bytes: Bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
const fromBase64 = (text: string) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
