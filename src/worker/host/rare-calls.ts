import type { EngineCollection } from "../../engine/collection/collection.ts";
import type { EngineRepo } from "../../engine/repo/repo.ts";
import type { RangeChange } from "../../model/api/history.ts";
import type { CloneReport } from "../../model/api/repo.ts";
import { Schema } from "../../model/schema.ts";
import { packResult } from "../protocol/frames.ts";
import type { Calls, WireChange } from "../protocol/messages.ts";

/** Clones a collection: `Repo.clone`. */
export function clone(
  repo: EngineRepo,
  { label, to, options, schema }: Calls["clone"]["args"],
  signal: AbortSignal | undefined,
): Promise<EngineCollection | CloneReport> {
  return repo.clone(label, to, { ...options, ...(schema && { schema: Schema.load(schema) }), signal });
}

/** Compares two revisions: `Collection.diff`. Buffers of rows are added to `transfer`. */
export async function diff(
  collection: EngineCollection,
  { from, to, options }: Calls["diff"]["args"],
  { signal, transfer }: { signal?: AbortSignal; transfer: ArrayBuffer[] },
): Promise<WireChange[]> {
  return packChanges(await collection.diff(from, to, { ...options, signal }), transfer);
}

const packChanges = (changes: readonly RangeChange[], transfer: ArrayBuffer[]): WireChange[] =>
  changes.map(({ rows, ...change }) => ({
    ...change,
    rows: rows && { removed: packResult(rows.removed, transfer), added: packResult(rows.added, transfer) },
  }));
