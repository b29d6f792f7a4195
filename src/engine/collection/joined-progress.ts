import type { ReadProgress } from "../../model/api/read.ts";

/** Adds up the progress of several reads. */
export class JoinedProgress {
  readonly #report: (progress: ReadProgress) => void;
  readonly #latest = new Map<string, ReadProgress>();

  constructor(report: (progress: ReadProgress) => void) {
    this.#report = report;
  }

  /** Returns the callback for one read. */
  of(label: string): (progress: ReadProgress) => void {
    return (progress) => {
      this.#latest.set(label, progress);
      const sum: ReadProgress = { chunks: 0, totalChunks: 0, bytes: 0, totalBytes: 0, fetched: 0, cached: 0 };
      for (const one of this.#latest.values())
        for (const key of Object.keys(sum) as (keyof ReadProgress)[]) sum[key] += one[key];
      this.#report(sum);
    };
  }
}
