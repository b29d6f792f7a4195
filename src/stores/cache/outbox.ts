import type { Bytes } from "../../model/bytes.ts";
import { asLakotaError, LakotaError } from "../../model/errors.ts";
import { selectEntries } from "../path.ts";
import type { Entry, Store } from "../store.ts";
import { listRecords, removeRecord, writeRecord } from "./records.ts";

/** Milliseconds between two attempts to send what waits. */
const AGAIN = 15_000;
/** To keep a file takes no longer than this: what is older was begun by a page that was closed. Milliseconds. */
const ABANDONED_AFTER = 3_600_000;
const FOLDER = "outbox/";

export interface OutboxOptions {
  /** Where files wait: the near store, which has them by their own paths. */
  near: Store;
  far: Store;
  /** Told once all that waited was sent. */
  onSent: (paths: readonly string[]) => void;
  /** Told what nobody who waits for an answer would hear of. */
  onTrouble: (message: string) => void;
}

/** What is noted of a file: its path; while it is being kept, and its writer has no answer yet, that in an object. */
type Note = string | { keeping: string };

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
  /** The time in the last name. */
  #time: number;
  /** Sent, while others wait still. */
  readonly #sent: string[] = [];
  readonly #told = new Set<string>();
  readonly #onOnline = () => void this.send().catch(() => {});

  static async open(options: OutboxOptions): Promise<Outbox> {
    return new Outbox(options, kept(await notesOf(options.near)));
  }

  constructor(options: OutboxOptions, waiting: Map<string, string>) {
    this.#options = options;
    this.#waiting = waiting;
    this.#time = Math.max(0, ...[...waiting.keys()].slice(-1).map(timeOf));
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

  /** What the far store lists, and what waits to be there. */
  async listed(entries: Entry[], prefix: string, startAfter: string): Promise<Entry[]> {
    const waiting = new Set(this.paths.filter((path) => path.startsWith(prefix)));
    if (waiting.size === 0) return entries;
    for (const { path } of entries) waiting.delete(path);
    const near = (await this.#options.near.list(prefix)).filter(({ path }) => waiting.has(path));
    return selectEntries([...entries, ...near], prefix, startAfter);
  }

  /**
   * Keeps a file until it can be sent; answers `false` where it waits already. One that is only near waits too: nobody
   * knows whether the far store has it still.
   *
   * @param free makes room: what can be fetched again gives way to what cannot
   * @throws `quota` where there is no room for it all the same
   */
  async keep(path: string, bytes: Bytes, free: (bytes: number) => Promise<void>): Promise<boolean> {
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
    const { near } = this.#options;
    const name = this.#nextName();
    // Noted before it is there: whoever makes room from now on spares it.
    await this.#note(name, { keeping: path });
    try {
      await near.put(path, bytes);
      await this.#note(name, path);
    } catch (error) {
      await removeRecord(near, name).catch(() => {});
      throw error;
    }
    this.#waiting.set(name, path);
    this.#later();
  }

  /** Sends until nothing waits: a sending that is under way may miss what was added last. @throws as {@link send} */
  async sendAll(): Promise<void> {
    while (this.#waiting.size > 0) await this.send();
  }

  /** Sends what waits, also what other tabs have written. @throws the far store's errors; the rest waits on */
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

  /** Names sort in the order of writing, even if the clock is set back meanwhile. */
  #nextName(): string {
    this.#time = Math.max(this.#time, Date.now());
    const random = crypto.getRandomValues(new Uint32Array(1))[0]!.toString(36);
    const count = (this.#count++).toString(36).padStart(6, "0");
    return `${FOLDER}${this.#time.toString(36)}-${count}-${random}`;
  }

  async #note(name: string, note: Note): Promise<void> {
    if (await writeRecord(this.#options.near, name, note)) return;
    const path = typeof note === "string" ? note : note.keeping;
    throw new LakotaError("quota", `There is no room on this device to keep ${path} until it can be sent.`);
  }

  async #send(): Promise<void> {
    try {
      const missing = await this.#sendNoted();
      missing.push(...(await this.#look()));
      if (missing.length > 0)
        this.#tell(
          "Files that waited to be sent are gone from this device, and with them what was written. Was the site's data " +
            `cleared? Write it again. ${missing.join(", ")}`,
        );
    } catch (error) {
      this.#later();
      const { code, message } = asLakotaError(error);
      const isPassing = code === "offline" || code === "network" || code === "closed";
      if (!isPassing) this.#tell(`What was written offline cannot be sent, and waits on: ${message}`);
      throw error;
    }
    if (this.#waiting.size > 0) return this.#later();
    clearTimeout(this.#timer);
    if (this.#sent.length > 0) this.#options.onSent(this.#sent.splice(0));
  }

  /** Sends all that is noted. Answers paths of files that are not there. */
  async #sendNoted(): Promise<string[]> {
    const { near, far } = this.#options;
    const missing: string[] = [];
    for (const [name, note] of await notesOf(near)) {
      const isKept = typeof note === "string";
      const path = isKept ? note : note.keeping;
      const bytes = await near.get(path);
      if (!bytes && !isKept && Date.now() - timeOf(name) < ABANDONED_AFTER) continue; // a tab is about to keep it
      if (bytes) await far.put(path, bytes);
      else if (isKept) missing.push(path);
      await removeRecord(near, name);
      this.#waiting.delete(name);
      if (bytes) this.#sent.push(path);
    }
    return missing;
  }

  /** Other tabs may have sent what this one had noted, and noted more. Answers what is in no place any more. */
  async #look(): Promise<string[]> {
    const { near, far } = this.#options;
    const before = [...this.#waiting];
    const notes = await notesOf(near);
    const missing: string[] = [];
    for (const [name, path] of before) {
      if (notes.has(name)) continue;
      const isSent = (await near.get(path)) || (await far.list(path)).some((entry) => entry.path === path);
      if (!isSent) missing.push(path);
      this.#waiting.delete(name);
    }
    for (const [name, path] of kept(notes)) this.#waiting.set(name, path);
    return missing;
  }

  /** The same trouble comes back with each attempt, and is told once. */
  #tell(message: string): void {
    if (this.#told.has(message)) return;
    this.#told.add(message);
    this.#options.onTrouble(message);
  }

  /** One tab sends at a time; two at once would do no harm, but twice the work. */
  async #locked(work: () => Promise<void>): Promise<void> {
    const { locks } = globalThis.navigator ?? {};
    if (!locks) return work();
    await locks.request(`lakota outbox ${this.#options.far.uri}`, work);
  }

  #later(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.send().catch(() => {}), AGAIN);
    if (typeof this.#timer === "object") this.#timer.unref?.();
  }
}

const timeOf = (name: string): number => Number.parseInt(name.slice(FOLDER.length), 36);

/** In order. */
async function notesOf(near: Store): Promise<Map<string, Note>> {
  const records = await listRecords(near, FOLDER);
  return new Map(records.flatMap(([name, note]) => (isNote(note) ? [[name, note] as const] : [])));
}

const isNote = (value: unknown): value is Note =>
  typeof value === "string" ||
  (typeof value === "object" && value !== null && "keeping" in value && typeof value.keeping === "string");

/** Those whose writers were told that they are kept. */
const kept = (notes: ReadonlyMap<string, Note>): Map<string, string> =>
  new Map([...notes].flatMap(([name, note]) => (typeof note === "string" ? [[name, note] as const] : [])));
