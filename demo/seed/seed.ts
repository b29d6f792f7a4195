import type { Batch, Repo } from "lakota/node";
import { DATASETS } from "./datasets.ts";

/** What seeding one collection came to. */
export interface SeedReport {
  collection: string;
  series: number;
  /** 0 where the series were there already. */
  milliseconds: number;
}

/** Writes what a repo lacks: of a collection, the revisions that were not made when an earlier start was interrupted. */
export async function seed(
  repo: Repo,
  wanted: readonly string[] | undefined,
  report: (seeded: SeedReport) => void,
): Promise<void> {
  for (const [label, dataset] of Object.entries(DATASETS)) {
    if (wanted && !wanted.includes(label)) continue;
    const collection = await repo.createCollection(dataset.schema, label);
    const made = (await collection.log()).length;
    const begun = performance.now();
    // Whoever has looked at it and written may have made more.
    const missing = made < (dataset.revisions ?? 1) ? (await dataset.read()).slice(made) : [];
    for (const { note, frames } of missing) {
      const write = async (batch: Batch) => {
        for (const [name, frame] of frames) await batch.series(name).write(frame);
      };
      await collection.batch(write, { note });
    }
    const milliseconds = missing.length > 0 ? performance.now() - begun : 0;
    report({ collection: label, series: (await collection.ls()).length, milliseconds });
  }
}
