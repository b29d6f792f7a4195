import { compareSegments, labelsOf, type Segment, segmentsOf } from "../../changelog/segment-table.ts";
import { EMPTY_DIGEST } from "../../codecs/digest.ts";
import type { DefragOptions, DefragReport } from "../../model/api/maintenance.ts";
import { sizesOf } from "../read/chunk-sizes.ts";
import { planRead } from "../read/plan.ts";
import { executeRead } from "../read/read.ts";
import { MAX_SEGMENT_ROWS, segmentLengths, writerOf } from "../write/chunk-writer.ts";
import { checkNote, noSuchSeries } from "../write/collection-draft.ts";
import { warnOfConflicts } from "../write/conflict-warnings.ts";
import { embedChunks } from "../write/embedding.ts";
import { castRows } from "../write/rows.ts";
import type { EngineCollection } from "./collection.ts";

/** Segments that become one, or stay one. */
type Group = readonly Segment[];

/** What {@link Collection.defrag} does. */
export async function defrag(
  collection: EngineCollection,
  { labels, dryRun, note }: DefragOptions,
  signal: AbortSignal,
): Promise<DefragReport> {
  const { changelog, schema, source, repo: workshop } = collection;
  changelog.refresh();
  const { heads, commit, conflicts } = await changelog.state(undefined, signal);
  const there = labelsOf(commit.table);
  const missing = labels?.find((label) => !there.includes(label));
  if (missing !== undefined) throw noSuchSeries(missing, there);
  const plans = there
    .filter((label) => !labels || labels.includes(label))
    .map((label) => ({ label, segments: segmentsOf(commit.table, label) }))
    .map(({ label, segments }) => ({ label, was: segments.length, groups: group(segments) }))
    .filter(({ was, groups }) => groups.length < was);
  const series = plans.map(({ label, was, groups }) => ({ label, was, segments: groups.length }));
  const joined = plans.flatMap(({ groups }) => groups.filter(({ length }) => length > 1).flat());
  const old = digestsIn(joined);
  const sizes = await sizesOf(
    [...old].filter((digest) => !commit.embedded.has(digest)),
    workshop.store,
    workshop.concurrency,
    signal,
  );
  const bytesOf = (digests: ReadonlySet<string>) =>
    [...digests].reduce((sum, one) => sum + (commit.embedded.get(one)?.length ?? sizes.get(one) ?? 0), 0);
  /** What no segment of a table refers to any more. */
  const replacedBy = (table: readonly Segment[]) => {
    const current = digestsIn(table);
    const gone = new Set([...old].filter((digest) => !current.has(digest)));
    return { segments: joined.length, chunks: gone.size, bytes: bytesOf(gone) };
  };
  if (dryRun || plans.length === 0) {
    const left = new Set(joined);
    const replaced = replacedBy(commit.table.filter((segment) => !left.has(segment)));
    return { series, bytes: bytesOf(old), replaced, revision: undefined };
  }

  const writer = writerOf(workshop);
  const added = new Map<string, Uint8Array<ArrayBuffer>>();
  let bytes = 0;
  const renewed: Segment[] = [];
  for (const { label, groups } of plans) {
    // One group at a time: each may be as long as the longest segment.
    for (const part of groups) {
      const [first, last] = [part[0]!, part.at(-1)!];
      if (part.length === 1) {
        renewed.push(first);
        continue;
      }
      const range = { lo: first.lo, hi: last.hi };
      const plan = planRead(part, schema, range);
      const { frame } = await executeRead(plan, { source, embedded: commit.embedded, signal });
      const rows = castRows(schema, frame);
      const stored = await writer.store(schema, label, rows, range, signal, [rows.length]);
      renewed.push(...stored.segments);
      for (const [digest, chunk] of stored.embedded) added.set(digest, chunk);
      bytes += stored.bytes;
    }
  }
  const done = new Set(plans.map(({ label }) => label));
  const table = [...commit.table.filter(({ label }) => !done.has(label)), ...renewed].sort(compareSegments);
  const embedded = await embedChunks(table, added, commit.embedded, writer, signal);
  const about = { ...checkNote(note), rows: 0, bytes };
  const revision = await changelog.commit({ table, embedded, touched: [], about }, heads, signal);
  warnOfConflicts(conflicts, [], collection);
  return { series, bytes, replaced: replacedBy(table), revision };
}

const digestsIn = (segments: readonly Segment[]): Set<string> => {
  const digests = new Set(segments.flatMap(({ digests }) => digests));
  digests.delete(EMPTY_DIGEST);
  return digests;
};

/** Neighbours joined to about the lengths in which a single write would have stored them. */
function group(segments: readonly Segment[]): Group[] {
  const total = segments.reduce((sum, { length }) => sum + length, 0);
  const lengths = segmentLengths(total);
  const groups: Segment[][] = [];
  let [rows, wanted] = [0, lengths.shift() ?? MAX_SEGMENT_ROWS];
  let current: Segment[] = [];
  for (const segment of segments) {
    if (current.length > 0 && rows + segment.length > 1.5 * wanted) {
      groups.push(current);
      [current, rows, wanted] = [[], 0, lengths.shift() ?? MAX_SEGMENT_ROWS];
    }
    current.push(segment);
    rows += segment.length;
    if (rows >= wanted) {
      groups.push(current);
      [current, rows, wanted] = [[], 0, lengths.shift() ?? MAX_SEGMENT_ROWS];
    }
  }
  if (current.length > 0) groups.push(current);
  return groups;
}
