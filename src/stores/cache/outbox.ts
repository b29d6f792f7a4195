import type { Bytes } from "../../model/bytes.ts";
import { asLakotaError, LakotaError } from "../../model/errors.ts";
import { selectEntries } from "../path.ts";
import { type Entry, isUnreachable, type Store } from "../store.ts";
import { listRecords, OUTBOX, removeRecord, writeRecord } from "./records.ts";

/** Milliseconds between two attempts to send. */
const RETRY_INTERVAL = 15_000;
/** Milliseconds after which a file that is still being added belongs to a page that was closed meanwhile. */
const ABANDONED_AFTER = 3_600_000;

export interface OutboxOptions {
  /** Holds the pending files under their own paths, and the records of the outbox. */
  localStore: Store;
  remoteStore: Store;
  /** Called with the paths of pending files once all of them were sent; if it rejects, again later. */
  onSent: (paths: readonly string[]) => void | Promise<void>;
  /** Called for trouble that no caller is waiting for. */
  onWarning: (message: string) => void;
}

/**
 * The record of a pending file: its path. While the file is being added, and its writer has no result yet, an
 * object.
 */
type PendingRecord = string | { keeping: string };

/**
 * Files that were written while the remote store could not be reached. Files are immutable and named by their
 * content, so they can be sent later, in the order in which they were written, and more than once.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  /** Name of the record → path, in the order of writing. */
  readonly #pending: Map<string, string>;
  #sending: Promise<void> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #count = 0;
  /** The time in the latest name, in epoch milliseconds. */
  #time: number;
  /** Paths of files that were sent while others are still pending. */
  readonly #sent: string[] = [];
  /** Paths for which `onSent` has failed. */
  readonly #unreported: string[] = [];
  /** Messages that were reported. */
  readonly #reported = new Set<string>();
  #isClosed = false;
  readonly #onOnline = () => void this.send().catch(() => {});

  static async open(options: OutboxOptions): Promise<Outbox> {
    return new Outbox(options, completeOf(await readPending(options.localStore)));
  }

  private constructor(options: OutboxOptions, pending: Map<string, string>) {
    this.#options = options;
    this.#pending = pending;
    this.#time = Math.max(0, ...[...pending.keys()].slice(-1).map(timeOf));
    globalThis.addEventListener?.("online", this.#onOnline);
    if (pending.size > 0) this.#schedule();
  }

  /** Paths of the pending files. */
  get paths(): string[] {
    return [...this.#pending.values()];
  }

  has(path: string): boolean {
    return this.paths.includes(path);
  }

  /** Adds the pending files to a listing of the remote store. */
  async addPending(entries: Entry[], prefix: string, startAfter: string): Promise<Entry[]> {
    const pending = new Set(this.paths.filter((path) => path.startsWith(prefix)));
    if (pending.size === 0) return entries;
    for (const { path } of entries) pending.delete(path);
    const local = (await this.#options.localStore.list(prefix)).filter(({ path }) => pending.has(path));
    return selectEntries([...entries, ...local], prefix, startAfter);
  }

  /**
   * Adds a file. Returns `false` if it is pending already. A file with a local copy is added, too: it is not
   * known whether the remote store still has it.
   *
   * @param free makes room by evicting files that can be fetched again
   * @throws `quota` if there is still no room after that
   */
  async add(path: string, bytes: Bytes, free: (bytes: number) => Promise<void>): Promise<boolean> {
    if (this.has(path)) return false;
    try {
      await this.#add(path, bytes);
    } catch (error) {
      if (!(error instanceof LakotaError && error.code === "quota")) throw error;
      await free(bytes.length);
      await this.#add(path, bytes);
    }
    return true;
  }

  async #add(path: string, bytes: Bytes): Promise<void> {
    const { localStore } = this.#options;
    const name = this.#nextName();
    // Recorded before the file exists, so that no eviction removes it.
    await this.#record(name, { keeping: path });
    try {
      await localStore.put(path, bytes);
      await this.#record(name, path);
    } catch (error) {
      await removeRecord(localStore, name).catch(() => {});
      throw error;
    }
    this.#pending.set(name, path);
    this.#schedule();
  }

  /**
   * Sends until nothing is pending: a running {@link send} may miss the files added last.
   *
   * @throws as {@link send}
   */
  async sendAll(): Promise<void> {
    while (this.#pending.size > 0 || this.#unreported.length > 0) await this.send();
  }

  /** Sends the pending files of all tabs. @throws the remote store's errors; the rest remains pending */
  send(): Promise<void> {
    this.#sending ??= this.#locked(() => this.#send()).finally(() => {
      this.#sending = undefined;
    });
    return this.#sending;
  }

  close(): void {
    clearTimeout(this.#timer);
    globalThis.removeEventListener?.("online", this.#onOnline);
    this.#isClosed = true;
  }

  /** Names sort in the order of writing, even if the clock is set back. */
  #nextName(): string {
    this.#time = Math.max(this.#time, Date.now());
    const random = crypto.getRandomValues(new Uint32Array(1))[0]!.toString(36);
    const count = (this.#count++).toString(36).padStart(6, "0");
    return `${OUTBOX}${this.#time.toString(36)}-${count}-${random}`;
  }

  async #record(name: string, record: PendingRecord): Promise<void> {
    const path = typeof record === "string" ? record : record.keeping;
    await writeRecord(this.#options.localStore, name, record).catch((cause: unknown) => {
      if (asLakotaError(cause).code !== "quota") throw cause;
      throw new LakotaError("quota", `This device has no room to keep ${path} until it can be sent.`, {
        cause,
      });
    });
  }

  async #send(): Promise<void> {
    try {
      const lost = await this.#sendRecorded();
      lost.push(...(await this.#reconcile()));
      if (lost.length > 0)
        this.#reportOnce(
          "Files that were written offline are gone from this device before they were sent. Was the site's data " +
            `cleared? Write them again: ${lost.join(", ")}`,
        );
    } catch (error) {
      const { code, message } = asLakotaError(error);
      if (code === "closed") {
        // The local store was cleared, and all pending files with it. Then there is nothing to try again.
        if (!this.#isClosed) this.#reportOnce(`What was written offline was discarded: ${message}`);
        throw error;
      }
      this.#schedule();
      if (!isUnreachable(error))
        this.#reportOnce(`What was written offline cannot be sent, and remains pending: ${message}`);
      throw error;
    }
    if (this.#pending.size > 0) return this.#schedule();
    clearTimeout(this.#timer);
    const sent = [...this.#unreported.splice(0), ...this.#sent.splice(0)];
    if (sent.length > 0) void this.#reportSent(sent);
  }

  async #reportSent(paths: readonly string[]): Promise<void> {
    try {
      await this.#options.onSent(paths);
    } catch (error) {
      if (this.#isClosed) return;
      this.#unreported.push(...paths);
      this.#schedule();
      this.#reportOnce(`Offline writes were sent, but not merged yet: ${asLakotaError(error).message}`);
    }
  }

  /** Sends all recorded files. Returns the paths of those that the local store does not have. */
  async #sendRecorded(): Promise<string[]> {
    const { localStore, remoteStore } = this.#options;
    const lost: string[] = [];
    for (const [name, record] of await readPending(localStore)) {
      const isComplete = typeof record === "string";
      const path = isComplete ? record : record.keeping;
      const bytes = await localStore.get(path);
      if (!bytes && !isComplete && Date.now() - timeOf(name) < ABANDONED_AFTER) continue; // being added
      if (bytes) await remoteStore.put(path, bytes);
      else if (isComplete) lost.push(path);
      await removeRecord(localStore, name);
      this.#pending.delete(name);
      if (bytes) this.#sent.push(path);
    }
    return lost;
  }

  /**
   * Takes over what other tabs have sent or added. Returns the paths of files that neither store has any
   * more.
   */
  async #reconcile(): Promise<string[]> {
    const { localStore, remoteStore } = this.#options;
    const before = [...this.#pending];
    const records = await readPending(localStore);
    const lost: string[] = [];
    for (const [name, path] of before) {
      if (records.has(name)) continue;
      const isSent =
        (await localStore.get(path)) || (await remoteStore.list(path)).some((entry) => entry.path === path);
      if (!isSent) lost.push(path);
      this.#pending.delete(name);
    }
    for (const [name, path] of completeOf(records)) this.#pending.set(name, path);
    return lost;
  }

  /** Reports a message, but not again with each attempt. */
  #reportOnce(message: string): void {
    if (this.#reported.has(message)) return;
    this.#reported.add(message);
    this.#options.onWarning(message);
  }

  /** Lets one tab send at a time. Two at once would do no harm, but twice the work. */
  async #locked(work: () => Promise<void>): Promise<void> {
    const { locks } = globalThis.navigator ?? {};
    if (!locks) return work();
    await locks.request(`lakota outbox ${this.#options.remoteStore.uri}`, work);
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => void this.send().catch(() => {}), RETRY_INTERVAL);
    if (typeof this.#timer === "object") this.#timer.unref?.();
  }
}

/** The time in the name of a record, in epoch milliseconds. */
const timeOf = (name: string): number => Number.parseInt(name.slice(OUTBOX.length), 36);

/** Returns name → record of all pending files, in the order of writing. */
async function readPending(localStore: Store): Promise<Map<string, PendingRecord>> {
  const records = await listRecords(localStore, OUTBOX);
  return new Map(
    records.flatMap(([name, record]) => (isPendingRecord(record) ? [[name, record] as const] : [])),
  );
}

const isPendingRecord = (value: unknown): value is PendingRecord =>
  typeof value === "string" ||
  (typeof value === "object" && value !== null && "keeping" in value && typeof value.keeping === "string");

/** Returns name → path of the files whose addition was completed. */
const completeOf = (records: ReadonlyMap<string, PendingRecord>): Map<string, string> =>
  new Map(
    [...records].flatMap(([name, record]) => (typeof record === "string" ? [[name, record] as const] : [])),
  );
