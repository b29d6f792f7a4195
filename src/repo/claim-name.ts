import { ancestors, type Log } from "../changelog/log.ts";
import { segmentsOf } from "../changelog/segments.ts";
import { compareCuts, type Interval } from "../model/key.ts";
import type { EngineCollection } from "./collection.ts";
import { planRead } from "./plan.ts";
import { executeRead } from "./read.ts";

/** A revision that gave a key a row, and the row's value. */
interface Claimed {
  id: string;
  value: unknown;
}

/**
 * Adds a row to a key-value series of two columns, if there is none with this key. Answers the value that counts: of
 * several who add a row of one key, not knowing of each other, the first. (Elsewhere the last one wins, but here the
 * first may be in use already.)
 *
 * @param same whether a value is the one that was to be added
 */
export async function claimName(
  rows: EngineCollection,
  series: string,
  [key, value]: [key: string, value: unknown],
  same: (value: unknown) => boolean,
  signal: AbortSignal,
): Promise<unknown> {
  const { changelog } = rows;
  const known = await changelog.log(undefined, signal);
  const point: Interval = { lo: { key: [key], side: -1 }, hi: { key: [key], side: 1 } };
  const [keys, values] = rows.schema.columns.map(({ name }) => name);
  const frameOf = (one: unknown) => ({ [keys!]: [key], [values!]: [one] });
  const readAt = async (heads: readonly string[]): Promise<unknown> => {
    const { table, embedded } = await changelog.stateOf(heads, signal);
    const plan = planRead(segmentsOf(table, series), rows.schema, point);
    const { frame } = await executeRead(plan, { source: rows.source, embedded, signal });
    return frame.get(values!)[0];
  };

  await rows.insert(series, frameOf(value), { signal });
  changelog.refresh();
  const log = await changelog.log(undefined, signal);
  const shown = await readAt(log.heads);
  const claimed: Claimed[] = [];
  for (const id of newIds(known, log)) {
    const claims = await changelog.claims([id], signal);
    const touches = claims.some(
      ({ label, lo, hi }) =>
        label === series && compareCuts(lo, point.lo) <= 0 && compareCuts(hi, point.hi) >= 0,
    );
    if (!touches) continue;
    const value = await readAt([id]);
    if (value !== undefined) claimed.push({ id, value });
  }
  const own = claimed.find((one) => same(one.value));
  if (!own) return shown; // there was one already
  // Whoever knew of ours has changed it on purpose.
  const first = claimed.find(({ id }) => id === own.id || !ancestors(log, id).has(own.id))!;
  const isOther = claimed.some((one) => one !== first && equal(one.value, shown));
  if (isOther && !equal(first.value, shown))
    await rows.series(series).write(frameOf(first.value), { signal });
  return first.value;
}

/** Revisions that came after a look at the log. */
function newIds(before: Log, now: Log): string[] {
  return now.ids.filter((id) => !before.parents.has(id));
}

const equal = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
