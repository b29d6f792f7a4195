import { createHash } from "node:crypto";
import type { Bytes } from "../../model/bytes.ts";

/** Milliseconds for which an index is reused, which limits how often the store is listed. */
const MAX_AGE = 1_000;

export interface IndexVersion {
  readonly bytes: Bytes;
  readonly etag: string;
}

/** The index of a repo, made on request. While the repo is unchanged, its bytes and ETag stay the same. */
export class FreshIndex {
  readonly #make: () => Promise<Bytes>;
  /** When the last index was begun, and its result; undefined if the repo has changed since then. */
  #last: { madeAt: number; version: Promise<IndexVersion> } | undefined;
  /** The index that is made after the one being made. */
  #next: Promise<IndexVersion> | undefined;
  /** Ends with the index being made. */
  #making: Promise<unknown> = Promise.resolve();
  #current: (IndexVersion & { digest: string }) | undefined;

  constructor(make: () => Promise<Bytes>) {
    this.#make = make;
  }

  /** The next index is a new one. To be called after each change of the repo, so that a client sees what it has written. */
  expire(): void {
    this.#last = undefined;
  }

  get(): Promise<IndexVersion> {
    if (this.#next) return this.#next;
    if (this.#last && performance.now() - this.#last.madeAt < MAX_AGE) return this.#last.version;
    // One at a time, even if each request comes after a change: all that wait share the next.
    const next = this.#making.then(() => {
      this.#next = undefined;
      const last = { madeAt: performance.now(), version: this.#makeVersion() };
      this.#last = last;
      last.version.catch(() => {
        if (this.#last === last) this.#last = undefined;
      });
      return last.version;
    });
    this.#next = next;
    this.#making = next.catch(() => undefined);
    return next;
  }

  async #makeVersion(): Promise<IndexVersion> {
    const bytes = await this.#make();
    const digest = createHash("sha256").update(withoutTime(bytes)).digest("hex");
    if (this.#current?.digest !== digest) this.#current = { bytes, etag: `"${digest.slice(0, 32)}"`, digest };
    return this.#current;
  }
}

/** The time at which an index was made does not count as a change. */
const withoutTime = (bytes: Bytes) => new TextDecoder().decode(bytes).replace(/"time":"[^"]*"/, "");
