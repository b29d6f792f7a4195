import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { StorageBackend } from "@earthmover/icechunk";

const LISTED = fileURLToPath(new URL("icechunk", import.meta.url));
const INSTALLED = fileURLToPath(new URL("../../.cache/first-visit/icechunk", import.meta.url));
export const ICECHUNK_MODULES = join(INSTALLED, "node_modules");

/**
 * Installs Icechunk by itself: its build for browsers is a package for the processor "wasm32", which npm installs only
 * when forced to. Returns whether it is installed.
 */
export function installIcechunk(): boolean {
  const lock = readFileSync(join(LISTED, "package-lock.json"), "utf8");
  const stamp = join(ICECHUNK_MODULES, "lock.json");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return true;
  mkdirSync(INSTALLED, { recursive: true });
  cpSync(LISTED, INSTALLED, { recursive: true });
  try {
    execFileSync("npm", ["ci", "--force", "--omit=optional", "--loglevel=error"], {
      cwd: INSTALLED,
      stdio: ["ignore", "ignore", "inherit"],
    });
  } catch {
    console.warn("Icechunk could not be installed and is left out.");
    return false;
  }
  writeFileSync(stamp, lock);
  return true;
}

/** Makes an Icechunk repository of the files of a Zarr group. Returns its files by path. */
export async function makeIcechunk(
  zarr: ReadonlyMap<string, Uint8Array>,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const require = createRequire(join(INSTALLED, "package.json"));
  const { Repository, Storage }: typeof import("@earthmover/icechunk") = require("@earthmover/icechunk");
  const files = new Map<string, Uint8Array>();
  const repository = await Repository.create(Storage.newCustom(memoryBackend(files)));
  const session = await repository.writableSession("main");
  const byLength = [...zarr].sort(([a], [b]) => a.split("/").length - b.split("/").length); // metadata first
  for (const [key, bytes] of byLength) await session.store.set(key, Buffer.from(bytes));
  await session.commit("series");
  return files;
}

function memoryBackend(files: Map<string, Uint8Array>): StorageBackend {
  const now = new Date();
  const get = (path: string): Uint8Array => {
    const bytes = files.get(path);
    if (!bytes) throw new Error(`ObjectNotFound: ${path}`); // Icechunk looks for this word
    return bytes;
  };
  const versionOf = (path: string) => ({ etag: createHash("sha1").update(get(path)).digest("hex") });
  const put = (path: string, data: Uint8Array) => {
    files.set(path, Uint8Array.from(data));
    return { kind: "updated" as const, newVersion: versionOf(path) };
  };
  return {
    canWrite: async () => true,
    getObjectRange: async (_, { path, rangeStart, rangeEnd }) => ({
      data: get(path).slice(rangeStart ?? 0, rangeEnd ?? undefined),
      version: versionOf(path),
    }),
    putObject: async (_, { path, data }) => put(path, data),
    copyObject: async (_, { from, to }) => put(to, get(from)),
    listObjects: async (_, prefix) =>
      [...files]
        .filter(([path]) => path.startsWith(`${prefix}/`))
        .map(([path, { length }]) => ({
          id: path.slice(prefix.length + 1),
          createdAt: now,
          sizeBytes: length,
        })),
    deleteBatch: async () => ({ deletedObjects: 0, deletedBytes: 0 }),
    getObjectLastModified: async () => now,
    getObjectConditional: async (_, { path }) => ({
      kind: "modified",
      data: get(path),
      newVersion: versionOf(path),
    }),
  };
}
