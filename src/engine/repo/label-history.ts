import { rangesTouchedBy, stateOf } from "../../changelog/changelog-queries.ts";
import type { Log } from "../../changelog/log.ts";
import { covers } from "../../changelog/touched-ranges.ts";
import { after, before, type Interval } from "../../model/key.ts";
import type { EngineCollection } from "../collection/collection.ts";
import { planRead } from "../read/plan.ts";
import { toRange } from "../read/range.ts";
import { executeRead } from "../read/read.ts";
import { NAMESPACE, rowsOf } from "./registry.ts";

// What revisions of the registry have for one label. `rows` is the collection of the registry.

/** Returns what the registry has for a label where these revisions are the heads; undefined if it lacks the label. */
export async function valueAt(
  rows: EngineCollection,
  label: string,
  log: Log,
  heads: readonly string[],
  signal: AbortSignal,
): Promise<unknown> {
  return (await read(rows, rowOf(label), log, heads, signal)).get(label);
}

/** Returns what the registry has for all labels where these revisions are the heads. */
export function rowsAt(
  rows: EngineCollection,
  log: Log,
  heads: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, unknown>> {
  return read(rows, toRange(rows.schema, {}), log, heads, signal);
}

async function read(
  rows: EngineCollection,
  range: Interval,
  log: Log,
  heads: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, unknown>> {
  const { table } = await stateOf(rows.changelog, heads, signal, log);
  const { segments, embedded } = await table.load([NAMESPACE], signal);
  const plan = planRead(segments, rows.schema, range);
  return rowsOf((await executeRead(plan, { source: rows.repo.source, embedded, signal })).frame);
}

/** Returns those of some revisions that changed the row of a label and have one, in the same order, with its value. */
export async function settingsOf(
  rows: EngineCollection,
  label: string,
  log: Log,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<{ id: string; value: unknown }[]> {
  const row = rowOf(label);
  const settings: { id: string; value: unknown }[] = [];
  for (const id of ids) {
    const touched = await rangesTouchedBy(rows.changelog, [id], signal, log);
    if (!touched.some((range) => range.label === NAMESPACE && covers(range, row))) continue;
    const value = await valueAt(rows, label, log, [id], signal);
    if (value !== undefined) settings.push({ id, value });
  }
  return settings;
}

const rowOf = (label: string): Interval => ({ lo: before([label]), hi: after([label]) });
