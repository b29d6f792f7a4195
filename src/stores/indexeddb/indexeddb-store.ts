import { getMany, promisifyRequest, type UseStore } from "idb-keyval";
import { untilAborted } from "../../async/abort.ts";
import { LakotaError, throwIfAborted } from "../../model/errors.ts";
import { emptied } from "../emptied.ts";
import { checkPath, selectEntries } from "../path.ts";
import type { Entry, GetOptions, ListOptions, LocalStore, PutOptions, SignalOptions } from "../store.ts";
import { Connection, type ConnectionOptions, nameOf } from "./connection.ts";

interface Read {
  path: string;
  resolve: (bytes: ArrayBuffer | undefined) => void;
  reject: (error: unknown) => void;
}

interface Write {
  size: number;
  /** Makes the requests. Its result is final once the transaction has completed. */
  apply: (store: IDBObjectStore) => Promise<boolean>;
  resolve: (done: boolean) => void;
  reject: (error: unknown) => void;
}

/** Most bytes of one transaction of writes, so that reads never wait long behind it. */
const TRANSACTION_BYTES = 4 << 20;

// A file is two records of one object store, so that a listing reads no bodies.
const bodyKey = (path: string) => ["file", path];
const sizeKey = (path: string) => ["size", path];
/** Key of a random number that changes when the database is cleared. There is none before the first time. */
const EPOCH = ["epoch"];

/**
 * Files in a database of the browser, which persists, and which all tabs of the page's origin share.
 *
 * Calls made in the same tick share one transaction, which is many times faster than one each. Reads do not
 * wait for queued writes.
 */
export class IndexedDBStore implements LocalStore {
  readonly uri: string;
  readonly #connection: Connection;
  /** The epoch of the database when this object first used it. In another one it does nothing. */
  #epoch: { value: unknown } | undefined;
  #reads: Read[] = [];
  #writes: Write[] = [];
  #writing = false;

  constructor(name: string, options: ConnectionOptions = {}) {
    this.uri = `indexeddb://${name}`;
    this.#connection = new Connection(`lakota:${name}`, options);
  }

  async get(path: string, options: GetOptions = {}): Promise<Uint8Array<ArrayBuffer> | undefined> {
    checkPath(path);
    throwIfAborted(options.signal);
    const reading = new Promise<ArrayBuffer | undefined>((resolve, reject) => {
      if (this.#reads.push({ path, resolve, reject }) === 1) queueMicrotask(() => void this.#readAll());
    });
    const buffer = await untilAborted(reading, options.signal);
    if (!buffer) return undefined;
    options.onBytes?.(buffer.byteLength, false);
    return new Uint8Array(buffer);
  }

  async put(path: string, bytes: Uint8Array, options: PutOptions = {}): Promise<boolean> {
    checkPath(path);
    return this.#write(bytes.length, options.signal, async (store) => {
      // Adding it makes a copy.
      const isWhole = bytes.buffer instanceof ArrayBuffer && bytes.length === bytes.buffer.byteLength;
      const { buffer } = isWhole ? bytes : new Uint8Array(bytes);
      const request = options.overwrite ? store.put(buffer, bodyKey(path)) : store.add(buffer, bodyKey(path));
      const created = await unlessExists(request);
      if (created) store.put(buffer.byteLength, sizeKey(path));
      return created;
    });
  }

  async list(prefix: string, options: ListOptions = {}): Promise<Entry[]> {
    throwIfAborted(options.signal);
    const range = sizesOf(prefix);
    const reading = this.#transact("readonly", (store) =>
      Promise.all([promisifyRequest(store.getAllKeys(range)), promisifyRequest(store.getAll(range))]),
    ).catch((error) => {
      throw explain(error, `list ${this.uri}`);
    });
    const [keys, sizes] = await untilAborted(reading, options.signal);
    const entries: Entry[] = [];
    keys.forEach((key, i) => {
      if (Array.isArray(key)) entries.push({ path: String(key[1]), size: Number(sizes[i]) });
    });
    return selectEntries(entries, prefix, options.startAfter);
  }

  async delete(path: string, options: SignalOptions = {}): Promise<void> {
    checkPath(path);
    await this.#write(0, options.signal, async (store) => {
      store.delete(bodyKey(path));
      store.delete(sizeKey(path));
      return true;
    });
  }

  async move(from: string, to: string, options: SignalOptions = {}): Promise<void> {
    checkPath(from);
    checkPath(to);
    const moved = await this.#write(0, options.signal, async (store) => {
      const body: unknown = await promisifyRequest(store.get(bodyKey(from)));
      if (!(body instanceof ArrayBuffer)) return false;
      store.delete(bodyKey(from));
      store.delete(sizeKey(from));
      store.put(body, bodyKey(to));
      store.put(body.byteLength, sizeKey(to));
      return true;
    });
    if (!moved) throw new LakotaError("not-found", `There is no ${from} in ${this.uri} to be moved.`);
  }

  async clear(unless?: string): Promise<boolean> {
    const clear: (store: IDBObjectStore) => Promise<boolean> = async (store) => {
      if (unless !== undefined && (await promisifyRequest(store.count(sizesOf(unless)))) > 0) return false;
      store.clear();
      store.put(Math.random(), EPOCH);
      await promisifyRequest(store.transaction);
      return true;
    };
    this.#epoch ??= { value: undefined };
    // Not queued with the writes: what is queued comes later, and is refused.
    return this.#connection.transact("readwrite", clear).catch((error) => {
      throw explain(error, `empty ${this.uri}`);
    });
  }

  close(): void {
    this.#connection.close();
  }

  readonly #transact: UseStore = (mode, work) =>
    this.#connection.transact(mode, async (store) => {
      // Both at once: a second trip to the database would take as long as the first.
      const [, result] = await Promise.all([this.#checkEpoch(store), work(store)]);
      return result;
    });

  async #checkEpoch(store: IDBObjectStore): Promise<void> {
    const value: unknown = await promisifyRequest(store.get(EPOCH));
    this.#epoch ??= { value };
    if (value === this.#epoch.value) return;
    store.transaction.abort();
    throw emptied(this.uri);
  }

  async #readAll(): Promise<void> {
    const reads = this.#reads;
    this.#reads = [];
    try {
      const keys = reads.map((read) => bodyKey(read.path));
      const buffers = await getMany<ArrayBuffer>(keys, this.#transact);
      reads.forEach((read, i) => {
        read.resolve(buffers[i]);
      });
    } catch (error) {
      for (const read of reads) read.reject(explain(error, `read ${read.path} in ${this.uri}`));
    }
  }

  #write(size: number, signal: AbortSignal | undefined, apply: Write["apply"]): Promise<boolean> {
    throwIfAborted(signal);
    const { promise, write } = deferWrite(size, apply);
    this.#writes.push(write);
    queueMicrotask(() => void this.#writeAll());
    return untilAborted(promise, signal, () => {
      const index = this.#writes.indexOf(write); // a queued write can still be cancelled
      if (index >= 0) this.#writes.splice(index, 1);
    });
  }

  /** Runs one transaction at a time. Writes queued meanwhile go into the next one. */
  async #writeAll(): Promise<void> {
    if (this.#writing) return;
    this.#writing = true;
    while (this.#writes.length > 0) {
      await this.#commit(this.#nextBatch());
    }
    this.#writing = false;
  }

  #nextBatch(): Write[] {
    let count = 0;
    for (let size = 0; count < this.#writes.length && size < TRANSACTION_BYTES; count++) {
      size += this.#writes[count]!.size;
    }
    return this.#writes.splice(0, count);
  }

  async #commit(batch: Write[]): Promise<void> {
    try {
      const results = await this.#transact("readwrite", async (store) => {
        const finished = promisifyRequest(store.transaction);
        const [done] = await Promise.all([Promise.all(batch.map((write) => write.apply(store))), finished]);
        return done;
      });
      batch.forEach((write, i) => {
        write.resolve(results[i]!);
      });
    } catch (error) {
      if (batch.length === 1) return batch[0]!.reject(explain(error, `write to ${this.uri}`));
      // The transaction was rolled back. Each write is retried alone, so that one file that is too large
      // fails alone.
      for (const write of batch) await this.#commit([write]);
    }
  }
}

function deferWrite(size: number, apply: Write["apply"]): { promise: Promise<boolean>; write: Write } {
  let settle!: Pick<Write, "resolve" | "reject">;
  const promise = new Promise<boolean>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, write: { size, apply, ...settle } };
}

/** Returns the range of the size records of all paths that start with `prefix`. */
function sizesOf(prefix: string): IDBKeyRange {
  const last = prefix.charCodeAt(prefix.length - 1);
  if (!(last < 0xffff)) return IDBKeyRange.bound(sizeKey(prefix), ["size", []]); // arrays sort after strings
  const end = prefix.slice(0, -1) + String.fromCharCode(last + 1);
  return IDBKeyRange.bound(sizeKey(prefix), sizeKey(end), false, true);
}

/** Returns whether an `add` created its record. An existing key must not roll back the whole transaction. */
function unlessExists(request: IDBRequest): Promise<boolean> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(true);
    request.onerror = (event) => {
      if (request.error?.name !== "ConstraintError") return reject(request.error);
      event.preventDefault();
      event.stopPropagation();
      resolve(false);
    };
  });
}

function explain(error: unknown, doing: string): LakotaError {
  if (error instanceof LakotaError) return error;
  const name = nameOf(error);
  const options = { cause: error };
  if (name === "QuotaExceededError") {
    const advice = "Free disk space, or allow the site more storage.";
    return new LakotaError(
      "quota",
      `Cannot ${doing}: the browser grants this page no more storage. ${advice}`,
      options,
    );
  }
  if (name === "SecurityError" || name === "InvalidStateError") {
    const advice = "Allow this site to store data, or leave the private window.";
    return new LakotaError(
      "unsupported",
      `Cannot ${doing}: the browser denies access to IndexedDB. ${advice}`,
      options,
    );
  }
  return new LakotaError(
    "internal",
    `Cannot ${doing}: ${error instanceof Error ? error.message : name}.`,
    options,
  );
}
