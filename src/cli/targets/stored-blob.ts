import { LakotaError } from "../../model/errors.ts";
import type { Entry, Store } from "../../stores/store.ts";

/** Bytes that are fetched at a time. */
const PART_BYTES = 8 << 20;

type Ranged = Store & Required<Pick<Store, "getRange">>;

/**
 * A file of a bucket, of which only what is read is fetched. A file that is replaced meanwhile would be read in parts of both:
 * where several are read, it is checked at the end.
 */
export class StoredBlob extends Blob {
  readonly #store: Ranged;
  readonly #entry: Entry;
  readonly #signal: AbortSignal;
  readonly #from: number;
  readonly #to: number;

  /** @param range of the file. Default: all of it */
  constructor(store: Ranged, entry: Entry, signal: AbortSignal, range = { from: 0, to: entry.size }) {
    super();
    this.#store = store;
    this.#entry = entry;
    this.#signal = signal;
    this.#from = range.from;
    this.#to = range.to;
  }

  override get size(): number {
    return this.#to - this.#from;
  }

  override slice(start = 0, end = this.size): StoredBlob {
    const at = (position: number) =>
      Math.min(this.size, Math.max(0, position < 0 ? this.size + position : position));
    const from = this.#from + at(start);
    return new StoredBlob(this.#store, this.#entry, this.#signal, {
      from,
      to: Math.max(from, this.#from + at(end)),
    });
  }

  override async arrayBuffer(): Promise<ArrayBuffer> {
    const bytes = new Uint8Array(this.size);
    let filled = 0;
    for await (const part of this.#parts()) {
      bytes.set(part, filled);
      filled += part.length;
    }
    return bytes.buffer;
  }

  override async text(): Promise<string> {
    return new TextDecoder().decode(await this.arrayBuffer());
  }

  override stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    const parts = this.#parts();
    return new ReadableStream<Uint8Array<ArrayBuffer>>({
      async pull(controller) {
        const { done, value } = await parts.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await parts.return(undefined);
      },
    });
  }

  async *#parts(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    for (let from = this.#from; from < this.#to; from += PART_BYTES)
      yield await this.#range(from, Math.min(this.#to, from + PART_BYTES));
    if (this.size > PART_BYTES) await this.#checkUnchanged();
  }

  async #range(from: number, to: number): Promise<Uint8Array<ArrayBuffer>> {
    const signal = this.#signal;
    const { path } = this.#entry;
    const part = await this.#store.getRange(path, from, to, { signal });
    if (part?.length === to - from) return part;
    // A server that knows no ranges sends whole files.
    const whole = part ? undefined : await this.#store.get(path, { signal });
    if (whole?.length === this.#entry.size) return whole.slice(from, to);
    throw this.#changed();
  }

  async #checkUnchanged(): Promise<void> {
    const { path, size, modified } = this.#entry;
    const listed = await this.#store.list(path, { signal: this.#signal, detail: "modified" });
    const now = listed.find((entry) => entry.path === path);
    if (now?.size !== size || now.modified !== modified) throw this.#changed();
  }

  #changed(): LakotaError {
    const { path } = this.#entry;
    return new LakotaError(
      "conflict",
      `${path} in ${this.#store.uri} was changed or deleted while it was read. Run the command again.`,
    );
  }
}
