import { stateOf } from "../../changelog/changelog-queries.ts";
import type { Segment } from "../../changelog/segment-table.ts";
import type { EngineCollection } from "../../engine/collection/collection.ts";
import type { CountedChange } from "./revision-changes.ts";

/** A series that a revision renamed, with all its rows. */
export interface RenamedSeries {
  readonly kind: "renamed";
  /** The new label. */
  readonly label: string;
  readonly from: string;
  /** Undefined where the rows were not counted. */
  readonly rows?: number;
}

/**
 * Finds series that were renamed among ranges that were removed and added: the new label has the segments of the old one.
 * A series that was also changed stays removed and added.
 *
 * @param from the revisions before, merged
 * @param to the revision after
 */
export async function withRenames(
  { changelog }: EngineCollection,
  from: readonly string[],
  to: string,
  changes: readonly CountedChange[],
  signal: AbortSignal,
): Promise<(CountedChange | RenamedSeries)[]> {
  const labelsOf = (kind: CountedChange["kind"]) => [
    ...new Set(changes.filter((change) => change.kind === kind).map(({ label }) => label)),
  ];
  const [removed, added] = [labelsOf("removed"), labelsOf("added")];
  if (removed.length === 0 || added.length === 0) return [...changes];
  const [before, after] = await Promise.all([
    stateOf(changelog, from, signal),
    stateOf(changelog, [to], signal),
  ]);
  const labels = [...removed, ...added];
  const [old, current] = await Promise.all([before, after].map(({ table }) => table.load(labels, signal)));
  const [oldKeys, newKeys] = [keysByLabel(old!.segments), keysByLabel(current!.segments)];
  const gone = new Map(
    removed.flatMap((label) => {
      const key = oldKeys.get(label);
      return key !== undefined && !newKeys.has(label) ? [[key, label] as const] : [];
    }),
  );
  const renamed = new Map<string, string>();
  for (const label of added) {
    const key = newKeys.get(label);
    const origin = key !== undefined && !oldKeys.has(label) ? gone.get(key) : undefined;
    if (origin === undefined) continue;
    renamed.set(label, origin);
    gone.delete(key!);
  }
  const origins = new Set(renamed.values());
  const others = changes.filter(({ kind, label }) =>
    kind === "removed" ? !origins.has(label) : kind === "changed" || !renamed.has(label),
  );
  const series = [...renamed].map(([label, origin]): RenamedSeries => {
    const rows = changes.flatMap((change) => (change.label === origin ? [change.rowsBefore] : []));
    const isCounted = rows.every((count) => count !== undefined);
    const total = isCounted ? rows.reduce((sum, count) => sum + count, 0) : undefined;
    return { kind: "renamed", label, from: origin, ...(total !== undefined && { rows: total }) };
  });
  return [...series, ...others];
}

/** Returns, for each label, a text that is the same for the same rows in the same segments. */
function keysByLabel(segments: readonly Segment[]): Map<string, string> {
  const keys = new Map<string, string>();
  const bigints = (_: string, value: unknown) => (typeof value === "bigint" ? `${value}n` : value);
  for (const { label, lo, hi, length, digests } of segments)
    keys.set(label, (keys.get(label) ?? "") + JSON.stringify([lo, hi, length, digests], bigints));
  return keys;
}
