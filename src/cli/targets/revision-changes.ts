import { stateOf } from "../../changelog/changelog-queries.ts";
import type { Commit } from "../../changelog/commit.ts";
import { changesBetween, toRangeChanges } from "../../engine/collection/changes.ts";
import type { EngineCollection } from "../../engine/collection/collection.ts";
import { planRead } from "../../engine/read/plan.ts";
import { countRows } from "../../engine/read/read.ts";
import type { RangeChange } from "../../model/api/history.ts";
import type { Interval } from "../../model/key.ts";

/** A range that a revision changed, with its rows before and after. */
export interface CountedChange extends Omit<RangeChange, "rows"> {
  /** Rows of the range before and after the change. Undefined where they were not counted: there are very many ranges. */
  readonly rowsBefore?: number;
  readonly rowsAfter?: number;
}

/** Ranges of which the rows are counted: that may take reading the index where a range ends within a segment. */
const MAX_COUNTED = 100;

/**
 * Returns how some revisions differ from others, from the segment tables.
 *
 * @param from the revisions before, merged; missing ones count as empty
 * @param to the revision after
 */
export async function countedChanges(
  collection: EngineCollection,
  from: readonly string[],
  to: string,
  signal: AbortSignal,
): Promise<CountedChange[]> {
  const { changelog } = collection;
  const ranges = toRangeChanges(await changesBetween(changelog, from, [to], signal));
  const [before, after] = await Promise.all([
    stateOf(changelog, from, signal),
    stateOf(changelog, [to], signal),
  ]);
  return Promise.all(
    ranges.map(async ({ lo, hi, ...change }, i): Promise<CountedChange> => {
      if (i >= MAX_COUNTED) return change;
      const [rowsBefore, rowsAfter] = await Promise.all(
        [before, after].map((state) => rowsIn(collection, state, change.label, { lo, hi }, signal)),
      );
      return { ...change, rowsBefore: rowsBefore!, rowsAfter: rowsAfter! };
    }),
  );
}

async function rowsIn(
  { schema, repo }: EngineCollection,
  { table }: Commit,
  label: string,
  range: Interval,
  signal: AbortSignal,
): Promise<number> {
  const { segments, embedded } = await table.load([label], signal);
  return countRows(planRead(segments, schema, range, []), { source: repo.source, embedded, signal });
}
