import { openRepo, type Repo } from "lakota/engine";
import { decodeChunk } from "../../src/codecs/chunk.ts";
import { EngineRepo } from "../../src/engine/repo/repo.ts";
import { LakotaError } from "../../src/model/errors.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import type { Entry, GetOptions, ListOptions } from "../../src/stores/store.ts";
import type { StoredObject } from "../s3-server/objects.ts";
import { checksumOf } from "./rows.ts";

export type Objects = ReadonlyMap<string, StoredObject>;
/** What is in each collection, by `repo/label`: a checksum of the rows of each series. */
export type State = ReadonlyMap<string, string>;

export const PREFIXES = ["repo", "other"] as const;
export type Prefix = (typeof PREFIXES)[number];

/** Opens a copy of a repo, without a network, a cache or a past. */
export const openCopy = (objects: Objects, prefix: Prefix): Promise<EngineRepo> =>
  openFilled(new MemoryStore(), objects, prefix);

async function openFilled(store: MemoryStore, objects: Objects, prefix: Prefix): Promise<EngineRepo> {
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

/** Reads everything in both repos. A collection that cannot be read has its error as its state. */
export async function look(objects: Objects): Promise<State> {
  const found = PREFIXES.map(async (prefix) => {
    const files = new Files(objects, prefix);
    const list = async (repo: Repo) =>
      JSON.stringify(await repo.ls().catch((error: unknown) => [describe(error)]));
    const labels: string[] = JSON.parse(await reread(files, "", list));
    const contents = labels.map(async (label): Promise<[string, string]> => {
      const text = await reread(files, label, (repo) => contentsOf(repo, label).catch(describe));
      return [`${prefix}/${label}`, text];
    });
    return Promise.all(contents);
  });
  return new Map((await Promise.all(found)).flat());
}

/** What a reader asked for, and what it made of the answers. */
interface Reading {
  readonly answers: ReadonlyMap<string, string>;
  readonly text: string;
}

/** The last readings of each label of a repo. */
const readings = new Map<string, Reading[]>();
/** Readings to keep of a label: more are rarely of use, and each takes time to compare. */
const MAX_READINGS = 16;

/**
 * Reads with a clean client, unless one has read before and would get the same answers to all its requests: most
 * changes concern files that few collections read.
 */
async function reread(files: Files, label: string, read: (repo: Repo) => Promise<string>): Promise<string> {
  const name = `${files.prefix}/${label}`;
  const known = readings.get(name) ?? [];
  readings.set(name, known);
  const isSame = ({ answers }: Reading) =>
    [...answers].every(([request, answer]) => files.answer(request) === answer);
  const same = known.findLast(isSame);
  if (same) return same.text;
  const store = new RecordingStore();
  const repo = await openFilled(store, files.objects, files.prefix);
  const text = await read(repo).finally(() => repo.close());
  const answers = new Map([...store.requests].map((request) => [request, files.answer(request)]));
  known.push({ answers, text });
  if (known.length > MAX_READINGS) known.shift();
  return text;
}

/** The files of a repo. */
class Files {
  readonly objects: Objects;
  readonly prefix: Prefix;
  readonly #listings = new Map<string, string>();

  constructor(objects: Objects, prefix: Prefix) {
    this.objects = objects;
    this.prefix = prefix;
  }

  /** Identifies the response to a request: the content of a file, or the names and contents of all that are listed. */
  answer(request: string): string {
    const [method, path] = request.split(" ", 2) as [string, string];
    const key = `${this.prefix}/${path}`;
    if (method === "get") return this.objects.get(key)?.etag ?? "";
    const listing = this.#listings.get(key) ?? this.#list(key);
    this.#listings.set(key, listing);
    return listing;
  }

  #list(start: string): string {
    const found = [...this.objects].filter(([key]) => key.startsWith(start));
    return found.map(([key, { etag }]) => `${key} ${etag}`).join();
  }
}

/** A store that notes its requests, as `get PATH` and `list PREFIX`. */
class RecordingStore extends MemoryStore {
  readonly requests = new Set<string>();

  override get(path: string, options?: GetOptions): Promise<Uint8Array<ArrayBuffer> | undefined> {
    this.requests.add(`get ${path}`);
    return super.get(path, options);
  }

  override list(path: string, options?: ListOptions): Promise<Entry[]> {
    this.requests.add(`list ${path}`);
    return super.list(path, options);
  }
}

async function contentsOf(repo: Repo, label: string): Promise<string> {
  const collection = await repo.collection(label);
  const labels = (await collection.ls()).sort();
  const contents = labels.map(async (name) => `${name}: ${await checksumOf(collection.series(name))}`);
  return (await Promise.all(contents)).join("\n");
}

export const describe = (error: unknown): string =>
  error instanceof LakotaError ? `${error.code}: ${error.message}` : `not a LakotaError: ${String(error)}`;
