import { LakotaError } from "../../../src/model/errors.ts";
import { CacheStore } from "../../../src/stores/cache/cache-store.ts";
import { HttpStore } from "../../../src/stores/http/http-store.ts";
import { IndexedDBStore } from "../../../src/stores/indexeddb/indexeddb-store.ts";
import { type S3Options, S3Store } from "../../../src/stores/s3/s3-store.ts";
import type { Store } from "../../../src/stores/store.ts";
import { cases } from "../../stores/conformance.ts";

/** A bucket of the test's S3 server. */
export interface Remote {
  bucket: string;
  options: Pick<S3Options, "endpoint" | "region" | "style" | "credentials" | "retries">;
}

/** The test's writable HTTP host. */
export interface Host {
  /** Address of a store; `NAME` in it is replaced by the name of the store. */
  url: string;
  token: string;
}

/** From the page to its worker. */
export type StoresRequest =
  | {
      kind: "conformance";
      store: "indexeddb" | "s3" | "cache" | "http";
      remote?: Remote;
      host?: Host;
      heavy: boolean;
    }
  | {
      kind: "calls";
      calls: Call[];
      database?: string;
      /** Milliseconds to wait for the database to open. */
      openTimeout?: number;
      remote?: Remote;
      host?: Host;
      offline?: boolean;
    };

/** One call of a store: IndexedDB, S3, HTTP, or a cache of two of them, depending on the request. */
export type Call =
  | { name: "put"; path: string; text: string; times?: number }
  | { name: "get"; path: string; reload?: boolean }
  | { name: "list"; prefix: string }
  | { name: "flush" }
  /** Deletes the database, as an app does at logout. The result is `deleted`, or `blocked`. */
  | { name: "delete-database" }
  /** From now on, databases do not open, and report no error. */
  | { name: "stall-open" }
  /** The open connections are lost, as Safari reports it. */
  | { name: "lose-connection" };

export interface StoresResult {
  /** One for each case or call. */
  lines: string[];
}

self.onmessage = async ({ data }: MessageEvent<StoresRequest>) => {
  const lines = data.kind === "conformance" ? await runCases(data) : await runCalls(data);
  self.postMessage({ lines } satisfies StoresResult);
};

async function runCases(request: Extract<StoresRequest, { kind: "conformance" }>): Promise<string[]> {
  const lines: string[] = [];
  for (const [i, { name, run, heavy }] of cases.entries()) {
    if (heavy && !request.heavy) continue;
    const isFar = request.store === "s3" || request.store === "http";
    const store = open(isFar ? undefined : `${request.store} ${i}`, request, `case-${i}`);
    const outcome = await run(store).then(
      () => "ok",
      (error) => `FAILED: ${describe(error)}`,
    );
    await store.local?.flush();
    store.close?.();
    lines.push(`${outcome} ${name}`);
  }
  return lines;
}

async function runCalls(request: Extract<StoresRequest, { kind: "calls" }>): Promise<string[]> {
  const { calls, database, offline } = request;
  // As on a device without a network.
  if (offline) Object.defineProperty(navigator, "onLine", { value: false });
  const store = open(database, request, "");
  const lines: string[] = [];
  if (store.local) store.local.onWarning = (message) => lines.push(`warning: ${message}`);
  for (const call of calls) lines.push(await runCall(store, call, database).catch(describe));
  store.close?.();
  return lines;
}

async function runCall(store: Store, call: Call, database: string | undefined): Promise<string> {
  switch (call.name) {
    case "put":
      return String(await store.put(call.path, new TextEncoder().encode(call.text.repeat(call.times ?? 1))));
    case "get": {
      const bytes = await store.get(call.path, { reload: call.reload });
      return bytes ? new TextDecoder().decode(bytes) : "nothing";
    }
    case "list":
      return (await store.list(call.prefix)).map(({ path }) => path).join(" ");
    case "flush":
      await store.local?.flush();
      return "flushed";
    case "delete-database":
      return deleteDatabase(`lakota:${database}`);
    case "stall-open":
      IDBFactory.prototype.open = () => new EventTarget() as IDBOpenDBRequest;
      return "stalled";
    case "lose-connection":
      loseConnection();
      return "lost";
  }
}

function deleteDatabase(name: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => resolve("deleted");
    request.onblocked = () => resolve("blocked");
    request.onerror = () => reject(request.error);
  });
}

/** Every transaction of the connection that is used next fails. Those of other connections do not. */
function loseConnection(): void {
  const { transaction } = IDBDatabase.prototype;
  let lost: IDBDatabase | undefined;
  IDBDatabase.prototype.transaction = function (...args) {
    lost ??= this;
    if (this === lost) throw new DOMException("Connection to Indexed Database server lost.", "UnknownError");
    return transaction.apply(this, args);
  };
}

function open(
  database: string | undefined,
  { remote, host, openTimeout }: { remote?: Remote; host?: Host; openTimeout?: number },
  prefix: string,
): Store {
  const local = database === undefined ? undefined : new IndexedDBStore(database, { openTimeout });
  const remoteStore = host
    ? new HttpStore(host.url.replace("NAME", prefix || "calls"), { token: host.token })
    : remote && new S3Store(remote.bucket, prefix, remote.options);
  if (local && remoteStore) return new CacheStore(local, remoteStore);
  const store = local ?? remoteStore;
  if (!store) throw new Error("The request names no store.");
  return store;
}

function describe(error: unknown): string {
  if (error instanceof LakotaError) return `${error.code}: ${error.message}`;
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
