import { lookAhead } from "../../async/look-ahead.ts";
import { settleEach } from "../../async/settle-each.ts";
import type { RevisionFile } from "../../changelog/changelog-queries.ts";
import type { Bytes } from "../../model/bytes.ts";

/** Files fetched ahead of those that are being stored. */
const FETCHED_AHEAD = 16;
/** Their bytes, unless the next file alone has more. */
const BYTES_AHEAD = 16 << 20;

export interface PutOptions {
  /** Files of a step that are stored at a time. */
  readonly concurrency: number;
  fetch(file: RevisionFile): Promise<Bytes>;
  put(file: RevisionFile, payload: Bytes): Promise<void>;
  /**
   * Is called before each step of several files. If it returns false, these and all later files are stored one
   * by one.
   */
  mayBeConcurrent(): Promise<boolean>;
}

/**
 * Stores revision files step by step, those of a step at once. Meanwhile the next ones are fetched. Stops at the
 * first error, once the files in progress are stored.
 */
export async function putInSteps(
  steps: readonly (readonly RevisionFile[])[],
  { concurrency, fetch, put, mayBeConcurrent }: PutOptions,
): Promise<void> {
  const files = steps.flat();
  const depth = (done: number) => {
    let [count, bytes] = [0, 0];
    for (const { size } of files.slice(done, done + FETCHED_AHEAD)) {
      bytes += size;
      if (count > 0 && bytes > BYTES_AHEAD) break;
      count++;
    }
    return count;
  };
  const ahead = lookAhead(files, depth, async (file) => ({ file, payload: await fetch(file) }));
  // The files of a step come in their order, but it does not matter which call gets which.
  const putNext = async () => {
    const { value } = await ahead.next();
    if (value) await put(value.file, value.payload);
  };
  let isConcurrent = true;
  for (const step of steps) {
    if (isConcurrent && step.length > 1) isConcurrent = await mayBeConcurrent();
    await settleEach(step, isConcurrent ? concurrency : 1, putNext);
  }
}
