import type { Changelog, State } from "../changelog/changelog.ts";
import type { Commit } from "../changelog/commit.ts";
import { overlay, segmentsOf } from "../changelog/segments.ts";
import type { FrameInput, WriteOptions } from "../model/api.ts";
import { throwIfAborted } from "../model/errors.ts";
import type { Interval } from "../model/key.ts";
import type { Schema } from "../model/schema.ts";
import { planRead } from "./plan.ts";
import { executeRead } from "./read.ts";
import { castRows, checkSorted, mergeByKey, type Rows, sortUnique } from "./rows.ts";
import type { Workshop } from "./workshop.ts";
import { type Stored, Writer, writeRange } from "./writer.ts";

/** A write that waits for the commit. Its turn comes in the order of the writes. */
type Change =
  /** Chunks that are stored already. */
  | { kind: "segments"; stored: Stored }
  /** Rows to be merged by key with what the commit's parents hold. */
  | { kind: "keys"; label: string; rows: Rows };

/** Writes that become one revision: all of them, or none. */
export class Transaction {
  readonly #schema: Schema;
  readonly #workshop: Workshop;
  readonly #writer: Writer;
  readonly #changes: Promise<Change>[] = [];

  constructor(schema: Schema, workshop: Workshop) {
    this.#schema = schema;
    this.#workshop = workshop;
    workshop.writer ??= new Writer(workshop.store, workshop.concurrency);
    this.#writer = workshop.writer;
  }

  /**
   * Checks a frame and stores its chunks; nobody sees them before the commit.
   *
   * @throws `invalid-frame`, `unsorted`, `invalid-argument`. The commit will then fail too.
   */
  async write(label: string, frame: FrameInput, options: WriteOptions): Promise<void> {
    const change = this.#change(label, frame, options);
    change.catch(() => undefined); // the commit looks at it later
    this.#changes.push(change);
    await change;
  }

  async #change(label: string, frame: FrameInput, options: WriteOptions): Promise<Change> {
    throwIfAborted(this.#workshop.closed);
    const rows = castRows(this.#schema, frame);
    const byKey = this.#schema.kind === "kv" && options.start === undefined && options.stop === undefined;
    if (byKey) return { kind: "keys", label, rows: sortUnique(this.#schema, rows) };
    checkSorted(this.#schema, rows);
    const range = writeRange(this.#schema, rows, options);
    return { kind: "segments", stored: await this.#store(label, rows, range, options.signal) };
  }

  #store(label: string, rows: Rows, range: Interval, signal: AbortSignal | undefined): Promise<Stored> {
    return this.#writer.store(this.#schema, label, rows, range, signal);
  }

  /**
   * Lays the writes over what the heads show together, as one revision on all of them. No other commit of this
   * process may run meanwhile.
   */
  async commit(changelog: Changelog, signal: AbortSignal | undefined): Promise<void> {
    const changes = await Promise.all(this.#changes);
    if (changes.length === 0) return;
    changelog.refresh();
    const state: State = await changelog.state(undefined, signal);
    let { commit } = state;
    for (const change of changes) {
      const stored = change.kind === "segments" ? change.stored : await this.#merged(commit, change, signal);
      commit = {
        table: overlay(commit.table, stored.segments),
        embedded: new Map([...commit.embedded, ...stored.embedded]),
      };
    }
    await changelog.commit(commit, state.heads, signal);
  }

  /** The union of new rows and of what lies between the first and the last of them. */
  async #merged(
    { table, embedded }: Commit,
    { label, rows }: { label: string; rows: Rows },
    signal: AbortSignal | undefined,
  ): Promise<Stored> {
    if (rows.length === 0) return { segments: [], embedded: new Map() };
    const range = writeRange(this.#schema, rows, {});
    const plan = planRead(segmentsOf(table, label), this.#schema, range);
    const { frame } = await executeRead(plan, { source: this.#workshop.source, embedded, signal });
    const union = mergeByKey(this.#schema, castRows(this.#schema, frame), rows);
    return this.#store(label, union, range, signal);
  }
}
