import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Runs an example in a temporary folder, and removes it afterwards. */
export async function inFolder(example: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "lakota-example-"));
  try {
    await example(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
