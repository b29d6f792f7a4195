import { LakotaError } from "../model/errors.ts";
import { listRecords, removeRecord, writeRecord } from "./cache-record.ts";
import type { Store } from "./store.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** Milliseconds between two attempts to send what waits. */
const AGAIN = 15_000;
const FOLDER = "outbox/";

export interface OutboxOptions {
  /** Where files wait: the near store, which has them by their own paths. */
  near: Store;
  far: Store;
  /** Told once all that waited was sent. */
  onSent: (paths: readonly string[]) => void;
}

/**
 * Files that were written while the far store could not be reached. Files never change, and their names tell what is in
 * them, so they can be sent later, in the order in which they were written, and twice if need be.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  /** Name of the record → path; in order. */
  readonly #waiting: Map<string, string>;
  #sending: Promise<void> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #count = 0;
  /** Sent, while others wait still. */
  readonly #sent: string[] = [];
  readonly #onOnline = () => void this.send().catch(() => {});

  static async open(options: OutboxOptions): Promise<Outbox> {
    return new Outbox(options, await recordsOf(options.near));
  }

  constructor(options: OutboxOptions, waiting: Map<string, string>) {
    this.#options = options;
    this.#waiting = waiting;
    globalThis.addEventListener?.("online", this.#onOnline);
    if (waiting.size > 0) this.#later();
  }

  /** Paths that wait. */
  get paths(): string[] {
    return [...this.#waiting.values()];
  }

  has(path: string): boolean {
    return this.paths.includes(path);
  }

  /** Keeps a file until it can be sent. @throws `quota` where there is no room for it. */
  async add(path: string, bytes: Bytes): Promise<void> {
    await this.#options.near.put(path, bytes);
    const random = crypto.getRandomValues(new Uint32Array(1))[0]!.toString(36);
    const time = `${Date.now().toString(36)}-${(this.#count++).toString(36).padStart(6, "0")}`;
    const name = `${FOLDER}${time}-${random}`;
    if (!(await writeRecord(this.#options.near, name, path)))
      throw new LakotaError("quota", `There is no room on this device to keep ${path} until it can be sent.`);
    this.#waiting.set(name, path);
    this.#later();
  }

  /** Sends what waits, also what other tabs have written. @throws the far store's errors; the rest waits on. */
  send(): Promise<void> {
    this.#sending ??= this.#locked(() => this.#send()).finally(() => {
      this.#sending = undefined;
    });
    return this.#sending;
  }

  close(): void {
    clearTimeout(this.#timer);
    globalThis.removeEventListener?.("online", this.#onOnline);
  }

  async #send(): Promise<void> {
    const { near, far, onSent } = this.#options;
    try {
      for (const [name, path] of await recordsOf(near)) {
        const bytes = await near.get(path);
        if (bytes) await far.put(path, bytes);
        await removeRecord(near, name);
        this.#waiting.delete(name);
        this.#sent.push(path);
      }
    } finally {
      await this.#look();
      if (this.#waiting.size > 0) this.#later();
      else {
        clearTimeout(this.#timer);
        if (this.#sent.length > 0) onSent(this.#sent.splice(0));
      }
    }
  }

  /** Other tabs may have sent what this one had noted, and noted more. */
  async #look(): Promise<void> {
    const records = await recordsOf(this.#options.near);
    this.#waiting.clear();
    for (const [name, path] of records) this.#waiting.set(name, path);
  }

  /** One tab sends at a time; two at once would do no harm, but twice the work. */
  async #locked(work: () => Promise<void>): Promise<void> {
    const { locks } = globalThis.navigator ?? {};
    if (!locks) return work();
    await locks.request(`lakota outbox ${this.#options.far.uri}`, work);
  }

  #later(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.send().catch(() => this.#later()), AGAIN);
    if (typeof this.#timer === "object") this.#timer.unref?.();
  }
}

async function recordsOf(near: Store): Promise<Map<string, string>> {
  const records = await listRecords(near, FOLDER);
  return new Map(
    records.flatMap(([name, path]) => (typeof path === "string" ? [[name, path] as const] : [])),
  );
}
