import { stateOf } from "../../changelog/changelog-queries.ts";
import type { Commit } from "../../changelog/commit.ts";
import type { DiffOptions, RangeChange, RevisionRef } from "../../model/api/history.ts";
import { Frame } from "../../model/frame.ts";
import { compareKeys, type Interval, keyAt } from "../../model/key.ts";
import type { Schema } from "../../model/schema.ts";
import { planRead } from "../read/plan.ts";
import { checkNames } from "../read/range.ts";
import { executeRead } from "../read/read.ts";
import type { ReadSource } from "../read/read-context.ts";
import { sameRow } from "../write/row-equality.ts";
import { castRows, indexOf, pickRows, type Rows } from "../write/rows.ts";
import { changesBetween, toRangeChanges } from "./changes.ts";
import type { CollectionContext } from "./collection-context.ts";
import { resolveRevision } from "./resolve-revision.ts";

/** What reading the changed rows needs. */
interface DiffContext {
  schema: Schema;
  source: ReadSource;
  signal: AbortSignal;
}

/** Compares two revisions: {@link Collection.diff}. Reads chunks only with the option `rows`. */
export async function diff(
  collection: CollectionContext,
  from: RevisionRef,
  to: RevisionRef,
  options: DiffOptions,
): Promise<RangeChange[]> {
  checkNames("labels", options.labels);
  const signal = collection.untilClosed(options.signal);
  const ids = await Promise.all([from, to].map((ref) => resolveRevision(collection, ref, signal)));
  return diffStates(collection, ids.slice(0, 1), ids.slice(1), { ...options, signal });
}

/** Compares the merged states of some revisions. That of none has no rows. */
export async function diffStates(
  { schema, changelog, repo }: Pick<CollectionContext, "schema" | "changelog" | "repo">,
  from: readonly string[],
  to: readonly string[],
  { labels, rows, signal }: DiffOptions & { signal: AbortSignal },
): Promise<RangeChange[]> {
  const context = { schema, source: repo.source, signal };
  const changes = await changesBetween(changelog, from, to, signal);
  const selected = changes.filter(({ label }) => !labels || labels.includes(label));
  const ranges = toRangeChanges(selected);
  const [before, after] = await Promise.all([from, to].map((ids) => stateOf(changelog, ids, signal)));
  return Promise.all(
    ranges.map(async ({ lo, hi, ...change }): Promise<RangeChange> => {
      if (!rows) return change;
      const range = { lo, hi };
      const [a, b] = await Promise.all([
        readRange(before!, change.label, range, context),
        readRange(after!, change.label, range, context),
      ]);
      return { ...change, rows: compareRows(schema, a, b) };
    }),
  );
}

async function readRange(
  { table }: Commit,
  label: string,
  range: Interval,
  { schema, source, signal }: DiffContext,
): Promise<Rows> {
  const { segments, embedded } = await table.load([label], signal);
  const plan = planRead(segments, schema, range);
  return castRows(schema, (await executeRead(plan, { source, embedded, signal })).frame);
}

/** Compares sorted rows. If the rows of a key differ, all rows of that key are reported. */
function compareRows(schema: Schema, a: Rows, b: Rows): { removed: Frame; added: Frame } {
  const removed: number[] = [];
  const added: number[] = [];
  const [indexA, indexB] = [indexOf(schema, a), indexOf(schema, b)];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const order = i === a.length ? 1 : j === b.length ? -1 : compareKeys(keyAt(indexA, i), keyAt(indexB, j));
    const endA = order <= 0 ? endOf(indexA, i, a.length) : i;
    const endB = order >= 0 ? endOf(indexB, j, b.length) : j;
    const same =
      endA - i === endB - j &&
      Array.from({ length: endA - i }, (_, k) => k).every((k) => sameRow(a, i + k, b, j + k));
    if (!same) {
      for (; i < endA; i++) removed.push(i);
      for (; j < endB; j++) added.push(j);
    }
    [i, j] = [endA, endB];
  }
  return { removed: selectRows(schema, a, removed), added: selectRows(schema, b, added) };
}

/** Returns the end of the run of rows that have the key of row `from`. */
function endOf(index: ReturnType<typeof indexOf>, from: number, rows: number): number {
  const key = keyAt(index, from);
  let end = from + 1;
  while (end < rows && compareKeys(keyAt(index, end), key) === 0) end++;
  return end;
}

function selectRows(schema: Schema, rows: Rows, which: readonly number[]): Frame {
  const { columns } = pickRows(schema, rows, Uint32Array.from(which));
  return new Frame(
    schema.columns.map(({ name, dtype }, i) => ({ name, type: dtype.name, data: columns[i]! })),
  );
}
