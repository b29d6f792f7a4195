import type { ReadProgress } from "../../model/api/read.ts";
import type { Cost } from "./plan.ts";

/** Accumulates the progress of one read and reports every change. */
export class Progress {
  readonly #report: ((progress: ReadProgress) => void) | undefined;
  readonly #now: ReadProgress = { chunks: 0, totalChunks: 0, bytes: 0, totalBytes: 0, fetched: 0, cached: 0 };

  constructor(report: ((progress: ReadProgress) => void) | undefined) {
    this.#report = report;
  }

  expect({ chunks, bytes }: Cost): void {
    this.#now.totalChunks += chunks;
    this.#now.totalBytes += bytes;
    this.#emit();
  }

  received(bytes: number, cached: boolean): void {
    if (cached) this.#now.cached += bytes;
    else this.#now.fetched += bytes;
    this.#emit();
  }

  decoded({ chunks, bytes }: Cost): void {
    this.#now.chunks += chunks;
    this.#now.bytes += bytes;
    this.#emit();
  }

  #emit(): void {
    this.#report?.({ ...this.#now });
  }
}
