import type { Repo } from "lakota/node";
import { DATASETS, type Dataset } from "./datasets.ts";
import { DESCRIPTIONS, type DemoCollection } from "./descriptions.ts";
import { writeStory } from "./story.ts";

/** The result of seeding one collection. */
export interface SeedReport {
  collection: string;
  /** Number of series. */
  series: number;
  /** Duration; 0 if nothing was missing. */
  milliseconds: number;
}

/**
 * Writes the collections that a repo lacks, and describes them. If an earlier run was interrupted, writes what is missing.
 *
 * @param labels the collections to write; undefined for all
 */
export async function seed(
  repo: Repo,
  labels: readonly string[] | undefined,
  onSeeded: (report: SeedReport) => void,
): Promise<void> {
  for (const label of Object.keys(DATASETS) as DemoCollection[]) {
    if (labels && !labels.includes(label)) continue;
    const started = performance.now();
    const isWritten = await write(repo, label, DATASETS[label]);
    const collection = await repo.collection(label);
    await collection.describe(DESCRIPTIONS[label], { note: { message: "Describe" } });
    const milliseconds = isWritten ? performance.now() - started : 0;
    onSeeded({ collection: label, series: (await collection.ls()).length, milliseconds });
  }
}

/** Returns whether it wrote. What is there already stays: users write, too. */
async function write(repo: Repo, label: string, { schema, read, story }: Dataset): Promise<boolean> {
  if (story) {
    if ((await repo.ls()).includes(label)) return false;
    await writeStory(repo, label, schema, await story());
    return true;
  }
  const collection = await repo.createCollection(schema, label);
  if (!read || (await collection.log({ limit: 1 })).length > 0) return false;
  const frames = await read();
  await collection.batch(
    async (batch) => {
      for (const [name, frame] of frames) await batch.series(name).write(frame);
    },
    { note: { message: "Import" } },
  );
  return true;
}
