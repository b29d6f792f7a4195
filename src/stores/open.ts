import { lazy } from "../async/lazy.ts";
import { LakotaError } from "../model/errors.ts";
import { type CacheOptions, CacheStore } from "./cache/cache-store.ts";
import { type HttpOptions, HttpStore } from "./http/http-store.ts";
import type { ConnectionOptions } from "./indexeddb/connection.ts";
import { openDatabase } from "./indexeddb/open-database.ts";
import { LazyStore } from "./lazy-store.ts";
import { type S3Options, S3Store } from "./s3/s3-store.ts";
import type { Store } from "./store.ts";
import { type ParsedUri, parseUri, withoutSecrets } from "./uri.ts";

export interface StoreOptions extends S3Options, HttpOptions {
  /**
   * How to cache a store that is reached over the network. `false`: not at all. Default: in memory, and in
   * IndexedDB where there is one.
   */
  cache?: CacheOptions | false;
  /**
   * Whether to keep what is written while a store on the network cannot be reached, and to send and merge it
   * later. Default: such writes fail with `offline` or `network`.
   */
  writeOffline?: boolean;
  /** Openers of further URI schemes; that of `file` gets plain paths, too. */
  schemes?: Record<string, (uri: string, parsed: ParsedUri) => Store>;
}

type Opener<S extends Store = Store> = (uri: string, parsed: ParsedUri, options: StoreOptions) => S;

/** A store on the network. `url` identifies its files: it names their cache. */
interface RemoteStore extends Store {
  readonly url: string;
}

const loadMemoryStore = lazy(() => import("./memory/memory-store.ts"));
const loadIndexedDBStore = lazy(() => import("./indexeddb/indexeddb-store.ts"));

/** How to open the URIs of each scheme. `StoreOptions.schemes` adds entries and replaces these. */
const SCHEMES: Readonly<Record<string, Opener>> = {
  memory: openMemory,
  indexeddb: (_, { rest }) => openIndexedDB(rest),
  s3: cached(openS3),
  http: cached(openHttp),
  https: cached(openHttp),
  file: openFile,
};

/** Milliseconds to wait for IndexedDB to open before a cache continues without it. */
const CACHE_OPEN_TIMEOUT = 1_000;

/** Parameters of an S3 URI. Credentials are none of them: URIs end up in logs. */
const S3_PARAMETERS = ["endpoint", "region", "style"];

/**
 * Opens the store of a URI: `memory://`, `indexeddb://name`, `s3://bucket/prefix`, `http(s)://host/folder`.
 * An array of URIs stacks stores, the nearest first: each caches the ones after it, and the last one is the
 * origin, which all listings come from and all changes go to first.
 *
 * @throws `invalid-argument` for a malformed URI, `unsupported` for a scheme that this platform lacks
 */
export function openStore(uri: string | readonly string[], options: StoreOptions = {}): Store {
  if (typeof uri === "string") return openOne(uri, options);
  const stores = uri.map((each) => openOne(each, { ...options, cache: false }));
  if (stores.length === 0) throw new LakotaError("invalid-argument", "An empty list of URIs names no store.");
  const caching = options.cache || {};
  // A store that the caller names may be a repo: by default nothing is evicted from it.
  return stores.reduceRight(
    (remote, local) => new CacheStore(local, remote, { quota: Number.POSITIVE_INFINITY, ...caching }),
  );
}

function openOne(uri: string, options: StoreOptions): Store {
  const parsed = parseUri(uri);
  const openers = new Map(Object.entries<Opener>({ ...SCHEMES, ...options.schemes }));
  const open = openers.get(parsed.scheme);
  if (open) return open(uri, parsed, options);
  const known = [...openers.keys()].join(", ");
  throw new LakotaError(
    "unsupported",
    `There is no store for ${parsed.scheme}://. The known schemes are ${known}.`,
  );
}

/** Adds the cache of the options to an opener. */
function cached(open: Opener<RemoteStore>): Opener {
  return (uri, parsed, options) => {
    const { cache, writeOffline = false } = options;
    const store = open(uri, parsed, options);
    if (cache === false) return store;
    const caching = { ...cache, writeOffline };
    if (globalThis.indexedDB) {
      const local = openIndexedDB(`cache ${store.url}`, { openTimeout: CACHE_OPEN_TIMEOUT });
      return new CacheStore(local, store, caching);
    }
    // Without a persistent store, memory is the local store, and needs no second one before it.
    const quota = cache?.memory ?? 64 << 20;
    return new CacheStore(openMemory(), store, { ...caching, memory: 0, quota });
  };
}

function openMemory(): Store {
  return new LazyStore("memory://", async () => new (await loadMemoryStore()).MemoryStore());
}

function openIndexedDB(name: string, options?: ConnectionOptions): Store {
  const uri = `indexeddb://${name}`;
  if (!globalThis.indexedDB) {
    const advice = "Use memory://, or in Node a folder, instead.";
    throw new LakotaError("unsupported", `${uri}: this platform has no IndexedDB. ${advice}`);
  }
  return new LazyStore(uri, async () => {
    let request: IDBOpenDBRequest | undefined;
    try {
      request = openDatabase(`lakota:${name}`);
    } catch {
      // The store explains it when it tries again.
    }
    return new (await loadIndexedDBStore()).IndexedDBStore(name, { ...options, request });
  });
}

function openHttp(uri: string, _: ParsedUri, options: StoreOptions): HttpStore {
  return new HttpStore(uri, options);
}

function openFile(uri: string): never {
  const message =
    `${uri} is a path, and files exist in Node only: import "lakota/node". ` +
    `In a page, pass the whole address: new URL(${JSON.stringify(uri)}, location.href).href.`;
  throw new LakotaError("unsupported", message);
}

function openS3(uri: string, { rest, query }: ParsedUri, options: StoreOptions): S3Store {
  for (const name of query.keys()) {
    if (!S3_PARAMETERS.includes(name)) {
      const advice = `It may have ${S3_PARAMETERS.join(", ")}. Pass the rest, credentials above all, as options.`;
      throw new LakotaError(
        "invalid-argument",
        `${withoutSecrets(uri)} has no parameter "${name}". ${advice}`,
      );
    }
  }
  const [, bucket = "", prefix = ""] = /^\/?([^/]*)(.*)$/.exec(rest) ?? []; // s3:///bucket is Python Lakota's form
  const style = query.get("style") ?? options.style;
  if (style !== undefined && style !== "path" && style !== "virtual") {
    throw new LakotaError("invalid-argument", `style must be "path" or "virtual", not "${style}".`);
  }
  const endpoint = query.get("endpoint") ?? options.endpoint;
  const region = query.get("region") ?? options.region;
  return new S3Store(bucket, decode(prefix, uri), { ...options, endpoint, region, style });
}

function decode(prefix: string, uri: string): string {
  try {
    return decodeURIComponent(prefix);
  } catch (cause) {
    throw new LakotaError(
      "invalid-argument",
      `${withoutSecrets(uri)} has a "%" that is no escape. Write %25 for a percent sign.`,
      {
        cause,
      },
    );
  }
}
