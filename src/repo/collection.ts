import { Changelog, type State } from "../changelog/changelog.ts";
import { epochOf, timeOf } from "../changelog/revision.ts";
import { labelsOf, overlay } from "../changelog/segments.ts";
import type {
  Batch,
  CallOptions,
  Collection,
  FrameInput,
  Revision,
  Series,
  WriteOptions,
} from "../model/api.ts";
import { LakotaError, throwIfAborted } from "../model/errors.ts";
import type { Schema } from "../model/schema.ts";
import type { Store } from "../stores/store.ts";
import { Mutex } from "./mutex.ts";
import type { ReadSource } from "./read.ts";
import { castRows, checkSorted, mergeByKey, type Rows, sortUnique } from "./rows.ts";
import { EngineSeries } from "./series.ts";
import { type Stored, type Writer, writeRange } from "./writer.ts";

/** What the collections of one repo share. */
export interface Workshop {
  store: Store;
  source: ReadSource;
  writer: Writer;
  /** Milliseconds for which a listing is believed. */
  maxAge: number;
  /** Fires when the repo is closed. */
  closed: AbortSignal;
}

/** A collection whose work is done on this thread. */
export class EngineCollection implements Collection {
  readonly label: string;
  readonly schema: Schema;
  /** Its folder in the store. */
  readonly path: string;
  readonly #changelog: Changelog;
  readonly #workshop: Workshop;
  /** Commits of this process come one after the other: two at once would make two heads. */
  readonly #commits = new Mutex();

  constructor(label: string, schema: Schema, path: string, workshop: Workshop) {
    this.label = label;
    this.schema = schema;
    this.path = path;
    this.#workshop = workshop;
    this.#changelog = new Changelog(workshop.store, path, schema, workshop.maxAge);
  }

  get source(): ReadSource {
    return this.#workshop.source;
  }

  state(before?: string, signal?: AbortSignal): Promise<State> {
    throwIfAborted(this.#workshop.closed);
    return this.#changelog.state(before, signal);
  }

  async ls({ signal }: CallOptions = {}): Promise<string[]> {
    return labelsOf((await this.state(undefined, signal)).commit.table);
  }

  series(label: string): Series {
    return new EngineSeries(this, checkLabel(label));
  }

  async log({ signal }: CallOptions = {}): Promise<Revision[]> {
    throwIfAborted(this.#workshop.closed);
    const log = await this.#changelog.log(undefined, signal);
    const heads = new Set(log.heads);
    return log.ids.map((id) => ({
      id,
      parents: log.parents.get(id)!,
      epoch: epochOf(id),
      time: timeOf(id),
      head: heads.has(id),
    }));
  }

  async refresh({ signal }: CallOptions = {}): Promise<void> {
    this.#changelog.refresh();
    await this.#changelog.log(undefined, signal);
  }

  /** What {@link Series.write} does. A key-value collection merges by key, unless a range is told. */
  async write(label: string, frame: FrameInput, options: WriteOptions): Promise<void> {
    const rows = castRows(this.schema, frame);
    if (this.schema.kind === "kv" && options.start === undefined && options.stop === undefined) {
      return this.#commits.run(() => this.#writeByKey(label, rows, options));
    }
    const stored = await this.#store(label, rows, options);
    await this.#commits.run(() => this.#commit([stored], options.signal));
  }

  async batch<T>(work: (batch: Batch) => Promise<T>, { signal }: CallOptions = {}): Promise<T> {
    const parts: Promise<Stored>[] = [];
    let open = true;
    const batch: Batch = {
      series: (label) => ({
        write: async (frame, options = {}) => {
          if (!open)
            throw new LakotaError(
              "closed",
              "This batch has ended. Write inside of it, and await each write.",
            );
          const part = this.#prepare(label, frame, options);
          parts.push(part);
          await part;
        },
      }),
    };
    try {
      const result = await work(batch);
      const stored = await Promise.all(parts);
      if (stored.length > 0) await this.#commits.run(() => this.#commit(stored, signal));
      return result;
    } finally {
      open = false;
      for (const part of parts) part.catch(() => undefined);
    }
  }

  async #prepare(label: string, frame: FrameInput, options: WriteOptions): Promise<Stored> {
    return this.#store(checkLabel(label), castRows(this.schema, frame), options);
  }

  async #store(label: string, rows: Rows, options: WriteOptions): Promise<Stored> {
    throwIfAborted(this.#workshop.closed);
    checkSorted(this.schema, rows);
    const range = writeRange(this.schema, rows, options);
    return this.#workshop.writer.store(this.schema, label, rows, range, options.signal);
  }

  /** Reads what is stored between the first and last key, and writes the union of it and the new rows. */
  async #writeByKey(label: string, rows: Rows, { signal }: WriteOptions): Promise<void> {
    const added = sortUnique(this.schema, rows);
    if (added.length === 0) return;
    this.#changelog.refresh();
    const range = writeRange(this.schema, added, {});
    const there = await this.series(label).read({
      start: range.lo.key,
      stop: range.hi.key,
      closed: "both",
      ...(signal && { signal }),
    });
    const union = mergeByKey(this.schema, castRows(this.schema, there), added);
    await this.#commit([await this.#store(label, union, { ...(signal && { signal }) })], signal);
  }

  /** Lays stored segments over what the heads show together. Call it inside of `#commits`. */
  async #commit(parts: readonly Stored[], signal: AbortSignal | undefined): Promise<void> {
    this.#changelog.refresh();
    const { heads, commit } = await this.state(undefined, signal);
    const table = overlay(
      commit.table,
      parts.flatMap((part) => part.segments),
    );
    const embedded = new Map([...commit.embedded, ...parts.flatMap((part) => [...part.embedded])]);
    await this.#changelog.commit({ table, embedded }, heads, signal);
  }
}

/** @throws `invalid-argument` */
function checkLabel(label: string): string {
  if (typeof label === "string" && label !== "") return label;
  throw new LakotaError("invalid-argument", "A series needs a label that is not empty.");
}
