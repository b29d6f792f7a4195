import type { UseStore } from "idb-keyval";
import { type Clock, systemClock } from "../../async/clock.ts";
import { LakotaError } from "../../model/errors.ts";
import { OBJECT_STORE, openDatabase } from "./open-database.ts";

export interface ConnectionOptions {
  /** The request that was made to open the database, if one was. */
  request?: IDBOpenDBRequest | undefined;
  /**
   * Milliseconds until a database that has not opened counts as blocked. Default 10,000. A cache uses less, since
   * it can do without.
   */
  openTimeout?: number;
  /** Source of time; for tests. */
  clock?: Clock;
}

/** Milliseconds after which a database that did not open is opened again. */
const RETRY_INTERVAL = 30_000;
/** Errors of a transaction that a new connection would not prevent. */
const FINAL = new Set(["QuotaExceededError", "ConstraintError"]);

interface Opening {
  readonly since: number;
  readonly result: Promise<IDBDatabase>;
  database?: IDBDatabase;
  /** Whether it has taken too long. It may still succeed. */
  isOverdue: boolean;
}

/**
 * A connection to a database, which opens when it is needed. It ends when another page deletes the database,
 * since it would block that page and everyone who opens the database afterwards.
 */
export class Connection {
  readonly #name: string;
  readonly #openTimeout: number;
  readonly #clock: Clock;
  #opening: Opening | undefined;
  /** The first opening, until it is used. */
  #request: IDBOpenDBRequest | undefined;

  constructor(name: string, { openTimeout = 10_000, clock = systemClock, request }: ConnectionOptions) {
    this.#request = request;
    this.#name = name;
    this.#openTimeout = openTimeout;
    this.#clock = clock;
  }

  /**
   * Runs `work` in a transaction. If that fails, runs it once more on a new connection: browsers lose
   * connections, and report that in many ways.
   *
   * @throws `unsupported` if the database does not open in time
   */
  readonly transact: UseStore = async (mode, work) => {
    try {
      return await this.#transact(mode, work);
    } catch (error) {
      if (error instanceof LakotaError || FINAL.has(nameOf(error))) throw error;
      this.#drop();
      return this.#transact(mode, work);
    }
  };

  close(): void {
    this.#drop();
  }

  readonly #transact: UseStore = async (mode, work) => {
    const database = await this.#database();
    return work(database.transaction(OBJECT_STORE, mode).objectStore(OBJECT_STORE));
  };

  async #database(): Promise<IDBDatabase> {
    const known = this.#opening;
    if (known?.isOverdue && !known.database && this.#clock.now() - known.since > RETRY_INTERVAL) this.#drop();
    this.#opening ??= this.#open();
    const opening = this.#opening;
    if (opening.database) return opening.database;
    if (opening.isOverdue) throw this.#blocked();
    return new Promise((resolve, reject) => {
      const cancel = this.#clock.timer(this.#openTimeout, () => {
        opening.isOverdue = true;
        reject(this.#blocked());
      });
      opening.result.then(resolve, reject).finally(cancel);
    });
  }

  #open(): Opening {
    const request = this.#request ?? openDatabase(this.#name);
    this.#request = undefined;
    const result = new Promise<IDBDatabase>((resolve, reject) => {
      const onSuccess = () => {
        const database = request.result;
        opening.database = database;
        database.onversionchange = () => {
          this.#forget(opening);
          database.close();
        };
        database.onclose = () => this.#forget(opening);
        if (this.#opening !== opening) database.close(); // it opened too late
        resolve(database);
      };
      const onError = () => {
        this.#forget(opening);
        reject(request.error);
      };
      request.onsuccess = onSuccess;
      request.onerror = onError;
      // It may have been opened before this code was loaded.
      if (request.readyState === "done") queueMicrotask(request.error ? onError : onSuccess);
    });
    const opening: Opening = { since: this.#clock.now(), result, isOverdue: false };
    result.catch(() => {}); // callers that still wait get the error
    return opening;
  }

  #forget(opening: Opening): void {
    if (this.#opening === opening) this.#opening = undefined;
  }

  /** Closes the connection once the running transactions have ended. The next one opens another. */
  #drop(): void {
    const unused = this.#request;
    this.#request = undefined;
    if (unused?.readyState === "done") {
      if (!unused.error) unused.result.close();
    } else if (unused) unused.onsuccess = () => unused.result.close();
    this.#opening?.result.then(
      (database) => database.close(),
      () => {},
    );
    this.#opening = undefined;
  }

  #blocked(): LakotaError {
    const site = globalThis.location?.origin;
    return new LakotaError(
      "unsupported",
      `The browser does not open the IndexedDB database "${this.#name}". Probably another tab or window of ` +
        `${site ?? "this site"} holds it open while it is being deleted. Close the other tabs of the site, or restart ` +
        "the browser, and try again.",
    );
  }
}

export function nameOf(error: unknown): string {
  return error instanceof Error || error instanceof DOMException ? error.name : "";
}
