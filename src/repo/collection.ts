import { Changelog, type State } from "../changelog/changelog.ts";
import { epochOf, timeOf } from "../changelog/revision.ts";
import { labelsOf } from "../changelog/segments.ts";
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
import { Mutex } from "./mutex.ts";
import type { ReadSource } from "./read.ts";
import { EngineSeries } from "./series.ts";
import type { Transaction } from "./transaction.ts";
import type { Workshop } from "./workshop.ts";

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

  async state(before?: string, signal?: AbortSignal): Promise<State> {
    throwIfAborted(this.#workshop.closed);
    return this.#changelog.state(before, this.untilClosed(signal));
  }

  /** A signal that fires with the caller's, and when the repo is closed. */
  untilClosed(signal: AbortSignal | undefined): AbortSignal {
    const { closed } = this.#workshop;
    return AbortSignal.any(signal ? [closed, signal] : [closed]);
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

  /** What {@link Series.write} does. */
  async write(label: string, frame: FrameInput, options: WriteOptions): Promise<void> {
    const { signal } = options;
    await this.#transact((transaction) => transaction.write(label, frame, options), signal);
  }

  batch<T>(work: (batch: Batch) => Promise<T>, { signal }: CallOptions = {}): Promise<T> {
    return this.#transact(async (transaction) => {
      let open = true;
      const write = async (label: string, frame: FrameInput, options: WriteOptions) => {
        if (open) return transaction.write(label, frame, options);
        throw new LakotaError("closed", "This batch has ended. Write inside of it, and await each write.");
      };
      try {
        return await work({
          series: (label) => ({ write: (frame, options = {}) => write(checkLabel(label), frame, options) }),
        });
      } finally {
        open = false;
      }
    }, signal);
  }

  async #transact<T>(
    work: (transaction: Transaction) => Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    throwIfAborted(this.#workshop.closed);
    const { Transaction } = await import("./transaction.ts"); // readers never need it
    const transaction = new Transaction(this.schema, this.#workshop);
    const result = await work(transaction);
    const ending = this.untilClosed(signal);
    await this.#commits.run(() => transaction.commit(this.#changelog, ending));
    return result;
  }
}

/** @throws `invalid-argument` */
function checkLabel(label: string): string {
  if (typeof label === "string" && label !== "") return label;
  throw new LakotaError("invalid-argument", "A series needs a label that is not empty.");
}
