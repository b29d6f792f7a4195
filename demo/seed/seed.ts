import type { Batch, Repo } from "lakota/node";
import { DATASETS } from "./datasets.ts";
import { DESCRIPTIONS, type DemoCollection } from "./descriptions.ts";

/** The result of seeding one collection. */
export interface SeedReport {
  collection: string;
  /** Number of series. */
  series: number;
  /** Duration; 0 if nothing was missing. */
  milliseconds: number;
}

/**
 * Writes the collections that a repo lacks, and describes them. If an earlier run was interrupted, writes the missing revisions.
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
    const dataset = DATASETS[label];
    const collection = await repo.createCollection(dataset.schema, label);
    const existing = (await collection.log()).length;
    const started = performance.now();
    // There may be more revisions than those of the seed: users write, too.
    const missing = existing < (dataset.revisions ?? 1) ? (await dataset.read()).slice(existing) : [];
    for (const { note, frames } of missing) {
      const write = async (batch: Batch) => {
        for (const [name, frame] of frames) await batch.series(name).write(frame);
      };
      await collection.batch(write, { note });
    }
    await collection.describe(DESCRIPTIONS[label], { note: { message: "Describe" } });
    const milliseconds = missing.length > 0 ? performance.now() - started : 0;
    onSeeded({ collection: label, series: (await collection.ls()).length, milliseconds });
  }
}
