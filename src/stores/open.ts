import type { RepoAddress } from "../model/api/sync.ts";
import { LakotaError } from "../model/errors.ts";
import { type CacheOptions, CacheStore } from "./cache/cache-store.ts";
import { type HttpOptions, HttpStore } from "./http/http-store.ts";
import { IndexedDBStore } from "./indexeddb/indexeddb-store.ts";
import { MemoryStore } from "./memory/memory-store.ts";
import { type S3Options, S3Store } from "./s3/s3-store.ts";
import type { Store } from "./store.ts";
import { type ParsedUri, parseUri } from "./uri.ts";

export interface StoreOptions extends S3Options, HttpOptions {
  /**
   * How to cache a store that is reached over the network. `false`: not at all. Default: in memory, and in
   * IndexedDB where there is one.
   */
  cache?: CacheOptions | false;
  /**
   * Whether to keep what is written while a store on the network cannot be reached, and to send and merge it later.
   * Default: such writes fail with `offline` or `network`.
   */
  writeOffline?: boolean;
  /** Openers of further URI schemes; `file` gets plain paths too. */
  schemes?: Record<string, (uri: string, parsed: ParsedUri) => Store>;
}

/** What of S3's options a URI may say. Secrets may not: URIs end up in logs. */
const S3_QUERY = ["endpoint", "region", "style"];

/**
 * Opens the store of a URI: `memory://`, `indexeddb://name`, `s3://bucket/prefix`, `http(s)://host/folder`.
 * An array stacks stores, the first one nearest: files are read from the first that has them, kept in those
 * before it, written to all; listings come from the last.
 *
 * @throws `invalid-argument` for a URI that makes no sense, `unsupported` for a scheme that this platform lacks.
 */
export function openStore(uri: string | readonly string[], options: StoreOptions = {}): Store {
  if (typeof uri === "string") return withCache(openOne(uri, options), options);
  const stores = uri.map((one) => openOne(one, options));
  if (stores.length === 0) throw new LakotaError("invalid-argument", "An empty list of URIs names no store.");
  const caching = options.cache || {};
  // A store that someone named may be a repo of its own: nothing is evicted from it unless they say so.
  return stores.reduceRight(
    (far, near) => new CacheStore(near, far, { quota: Number.POSITIVE_INFINITY, ...caching }),
  );
}

/**
 * Opens the store of another repo, for copying: without a cache, as each file is read once.
 *
 * @param options those of the own repo: they hold for a plain URI too, but for the token, which another host could use
 * as its own; an address with options says all itself
 */
export function openAddress(address: RepoAddress, options: StoreOptions): Store {
  if (typeof address === "string" || !("uri" in address))
    return openStore(address, { ...options, token: undefined, cache: false });
  const { uri, ...access } = address;
  const { schemes, fetch, clock } = options;
  const own = { ...(schemes && { schemes }), ...(fetch && { fetch }), ...(clock && { clock }) };
  return openStore(uri, { ...own, ...access, cache: false });
}

function withCache(store: Store, { cache, writeOffline = false }: StoreOptions): Store {
  if (cache === false || !(store instanceof S3Store || store instanceof HttpStore)) return store;
  const options = { ...cache, writeOffline };
  if (globalThis.indexedDB) return new CacheStore(new IndexedDBStore(`cache ${store.url}`), store, options);
  // Without a place to keep files, memory is the near store, and needs no second one before it.
  const memory = cache?.memory ?? 64 << 20;
  return new CacheStore(new MemoryStore(), store, { ...options, memory: 0, quota: memory });
}

function openOne(uri: string, options: StoreOptions): Store {
  const parsed = parseUri(uri);
  const { scheme, rest } = parsed;
  const opener = options.schemes?.[scheme];
  if (opener) return opener(uri, parsed);
  switch (scheme) {
    case "memory":
      return new MemoryStore();
    case "indexeddb":
      return new IndexedDBStore(rest);
    case "s3":
      return openS3(uri, parsed, options);
    case "http":
    case "https":
      return new HttpStore(uri, options);
    case "file":
      throw new LakotaError(
        "unsupported",
        `${uri} is a path, and files exist in Node only: import "lakota/node".`,
      );
    default: {
      const known = "memory, indexeddb, s3, http and https, and in Node file";
      throw new LakotaError("unsupported", `${scheme}:// is no kind of store. There are ${known}.`);
    }
  }
}

function openS3(uri: string, { rest, query }: ParsedUri, options: S3Options): S3Store {
  for (const name of query.keys()) {
    if (!S3_QUERY.includes(name)) {
      const advice = `It may say ${S3_QUERY.join(", ")}; pass all else, above all credentials, as options.`;
      throw new LakotaError(
        "invalid-argument",
        `${uri.split("?")[0]} cannot say "${name}" in its query. ${advice}`,
      );
    }
  }
  const [, bucket = "", prefix = ""] = /^\/?([^/]*)(.*)$/.exec(rest) ?? []; // s3:///bucket is Python's way
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
    throw new LakotaError("invalid-argument", `${uri} has a "%" that stands for nothing. Say %25.`, {
      cause,
    });
  }
}
