import type { Problem, VerifyOptions } from "../../model/api/maintenance.ts";
import { asLakotaError } from "../../model/errors.ts";

/** What a verification has found so far. */
export class VerifyProgress {
  readonly report = {
    collections: 0,
    revisions: 0,
    chunks: 0,
    bytes: 0,
    unchecked: 0,
    overviews: 0,
    problems: [] as Problem[],
    unverified: [] as Problem[],
  };
  readonly #onProgress: VerifyOptions["onProgress"];
  #done = 0;
  #total = 0;

  constructor({ onProgress }: VerifyOptions) {
    this.#onProgress = onProgress;
  }

  /** Says that so many more files are to be read. */
  expect(files: number): void {
    this.#total += files;
  }

  /** Says that a file was read, for the collection `label`. */
  read(label: string, bytes = 0): void {
    this.report.bytes += bytes;
    const { problems } = this.report;
    this.#onProgress?.({
      files: ++this.#done,
      totalFiles: this.#total,
      bytes: this.report.bytes,
      label,
      problems: problems.length,
    });
  }

  add(problem: Problem): void {
    this.report.problems.push(problem);
  }

  /** Runs `work`. If what it reads is corrupt, records a problem and returns undefined. */
  async orProblem<T>(
    collection: string,
    path: string,
    work: () => Promise<T>,
    revision?: string,
  ): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      const { code, message } = asLakotaError(error);
      if (code !== "corrupt" && code !== "invalid-schema" && code !== "not-found") throw error;
      // A problem of the registry that is already reported also fails whatever needs the registry.
      if (!this.report.problems.some((problem) => message.includes(problem.path)))
        this.add({ kind: "corrupt", path, collection, ...(revision && { revision }), message });
      return undefined;
    }
  }
}
