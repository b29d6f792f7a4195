import { createHash } from "node:crypto";
import { openRepo, type Repo, type Series } from "lakota/engine";
import { decodeChunk } from "../../src/codecs/chunk.ts";
import { EngineRepo } from "../../src/engine/repo/repo.ts";
import { LakotaError } from "../../src/model/errors.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import type { StoredObject } from "../s3-server/objects.ts";

export type Objects = ReadonlyMap<string, StoredObject>;
/** What is in each collection, by `repo/label`: a digest of the rows of each series. */
export type State = ReadonlyMap<string, string>;

export const PREFIXES = ["repo", "other"] as const;
export type Prefix = (typeof PREFIXES)[number];

/** Returns a digest of all rows of a series. */
export async function rowsOf(series: Series): Promise<string> {
  const frame = await series.read({ numbers: true });
  const hash = createHash("sha1");
  for (const name of ["t", "v"]) hash.update(JSON.stringify([...frame.numbers(name)]));
  return `${frame.length} ${hash.digest("hex")}`;
}

/** Opens a copy of a repo, without a network, a cache or a past. */
export async function openCopy(objects: Objects, prefix: Prefix): Promise<EngineRepo> {
  const store = new MemoryStore();
  for (const [key, { body }] of objects)
    if (key.startsWith(`${prefix}/`)) await store.put(key.slice(prefix.length + 1), body);
  return new EngineRepo(store, decodeChunk, { onWarning: () => {} });
}

/** Opens a copy of a repo as a plain web host serves it: only by its published index. */
export const openHosted = (objects: Objects, prefix: Prefix): Promise<Repo> =>
  openRepo(`https://host.test/${prefix}`, {
    cache: false,
    fetch: async ({ url }) => {
      const found = objects.get(decodeURIComponent(new URL(url).pathname.slice(1)));
      return found ? new Response(new Uint8Array(found.body)) : new Response(null, { status: 404 });
    },
  });

/** What was found in a repo, by its files: most steps change only one of the two. */
const known = new Map<string, Promise<[label: string, contents: string][]>>();

/** Reads everything in both repos. A collection that cannot be read has its error as its state. */
export async function look(objects: Objects): Promise<State> {
  const found = PREFIXES.map(async (prefix) => {
    const files = [...objects].filter(([key]) => key.startsWith(prefix));
    const name = files.map(([key, { etag }]) => `${key} ${etag}`).join();
    if (!known.has(name)) known.set(name, contentsOfRepo(objects, prefix));
    const contents = await known.get(name)!;
    return contents.map(([label, text]) => [`${prefix}/${label}`, text] as const);
  });
  return new Map((await Promise.all(found)).flat());
}

async function contentsOfRepo(objects: Objects, prefix: Prefix): Promise<[string, string][]> {
  const repo = await openCopy(objects, prefix);
  const labels = await repo.ls().catch((error: unknown) => [describe(error)]);
  const contents = labels.map(async (label): Promise<[string, string]> => {
    return [label, await contentsOf(repo, label).catch(describe)];
  });
  return Promise.all(contents).finally(() => repo.close());
}

async function contentsOf(repo: Repo, label: string): Promise<string> {
  const collection = await repo.collection(label);
  const labels = (await collection.ls()).sort();
  const contents = labels.map(async (name) => `${name}: ${await rowsOf(collection.series(name))}`);
  return (await Promise.all(contents)).join("\n");
}

export const describe = (error: unknown): string =>
  error instanceof LakotaError ? `${error.code}: ${error.message}` : `not a LakotaError: ${String(error)}`;
