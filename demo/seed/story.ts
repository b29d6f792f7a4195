import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FrameInput, openRepo, type Repo, type Schema } from "lakota/node";

/** One revision of a history that several people write. */
export interface Step {
  /** When it was made: ISO 8601. */
  time: string;
  author: string;
  message: string;
  /** Whether it is written to a copy of what the steps before have written, without knowing of later ones. Default: false. */
  copy?: boolean;
  /** What it writes, by series. Undefined: it merges the copy. */
  frames?: ReadonlyMap<string, FrameInput>;
}

/** Writes the history of a collection to a repo, with its forks. A copy that is not merged stays a second head. */
export async function writeStory(
  repo: Repo,
  label: string,
  schema: Schema,
  steps: readonly Step[],
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "lakota-seed-"));
  const [mainFolder, copyFolder] = [join(folder, "main"), join(folder, "copy")];
  const main = await openRepo(mainFolder);
  let copy: Repo | undefined;
  try {
    await main.createCollection(schema, label);
    for (const { time, author, message, frames, copy: isCopied } of steps) {
      const note = { author, message };
      if (isCopied && !copy) {
        copy = await openRepo(copyFolder);
        await copy.pull(mainFolder);
      }
      if (!frames) await main.pull(copyFolder);
      const collection = await (isCopied && copy ? copy : main).collection(label);
      await atTime(time, async () => {
        if (!frames) return collection.merge({ note });
        return collection.batch(
          async (batch) => {
            for (const [name, frame] of frames) await batch.series(name).write(frame);
          },
          { note },
        );
      });
    }
    if (copy) await main.pull(copyFolder);
    await repo.pull(mainFolder, { labels: [label] });
  } finally {
    main.close();
    copy?.close();
    await rm(folder, { recursive: true });
  }
}

/** Runs `work` with a clock that was set to another time: revisions are dated by the clock of their writer. */
async function atTime<T>(time: string, work: () => Promise<T>): Promise<T> {
  const { now } = Date;
  const shift = Date.parse(time) - now();
  Date.now = () => now() + shift;
  try {
    return await work();
  } finally {
    Date.now = now;
  }
}
