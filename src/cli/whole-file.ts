import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { throwIfAborted } from "../model/errors.ts";

/** A file that has its name only once it is whole. */
export async function writeWhole(
  path: string,
  pieces: Iterable<string> | AsyncIterable<string>,
  signal: AbortSignal,
): Promise<void> {
  const unfinished = join(dirname(path), `.${process.pid}.unfinished`);
  await mkdir(dirname(path), { recursive: true });
  try {
    const file = await open(unfinished, "w");
    try {
      for await (const piece of pieces) {
        throwIfAborted(signal);
        await file.write(piece);
      }
    } finally {
      await file.close();
    }
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}
