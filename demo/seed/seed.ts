import type { Repo } from "lakota/node";
import { DATASETS } from "./datasets.ts";

/** What seeding one collection came to. */
export interface Seeded {
  collection: string;
  series: number;
  /** 0 where the series were there already. */
  milliseconds: number;
}

/**
 * Writes the collections that a repo lacks, each as one revision: a collection that has series has them all, even if
 * an earlier start was interrupted.
 */
export async function seed(repo: Repo, report: (seeded: Seeded) => void): Promise<void> {
  for (const [label, dataset] of Object.entries(DATASETS)) {
    const collection = await repo.createCollection(dataset.schema, label);
    const there = await collection.ls();
    if (there.length > 0) {
      report({ collection: label, series: there.length, milliseconds: 0 });
      continue;
    }
    const begun = performance.now();
    const frames = await dataset.read();
    await collection.batch(async (batch) => {
      for (const [name, frame] of frames) await batch.series(name).write(frame);
    });
    report({ collection: label, series: frames.size, milliseconds: performance.now() - begun });
  }
}
