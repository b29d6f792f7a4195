import type { Changelog } from "../changelog/changelog.ts";
import { compareSegments, labelsOf, type Segment, segmentsOf } from "../changelog/segments.ts";
import type { DefragOptions, DefragReport } from "../model/api.ts";
import type { Schema } from "../model/schema.ts";
import { noSeries, noteOf } from "./drafts.ts";
import { planRead } from "./plan.ts";
import { executeRead, type ReadSource } from "./read.ts";
import { castRows } from "./rows.ts";
import { spill } from "./spill.ts";
import { MOST_ROWS, segmentLengths, type Writer } from "./writer.ts";

export interface DefragContext {
  schema: Schema;
  source: ReadSource;
  writer: Writer;
}

/** Segments that become one, or stay one. */
type Group = readonly Segment[];

/** What {@link Collection.defrag} does. */
export async function defrag(
  changelog: Changelog,
  { schema, source, writer }: DefragContext,
  { labels, dryRun, note }: DefragOptions,
  signal: AbortSignal,
): Promise<DefragReport> {
  changelog.refresh();
  const { heads, commit } = await changelog.state(undefined, signal);
  const there = labelsOf(commit.table);
  const missing = labels?.find((label) => !there.includes(label));
  if (missing !== undefined) throw noSeries(missing, there);
  const plans = there
    .filter((label) => !labels || labels.includes(label))
    .map((label) => ({ label, segments: segmentsOf(commit.table, label) }))
    .map(({ label, segments }) => ({ label, was: segments.length, groups: group(segments) }))
    .filter(({ was, groups }) => groups.length < was);
  const series = plans.map(({ label, was, groups }) => ({ label, was, segments: groups.length }));
  if (dryRun || plans.length === 0) return { series, revision: undefined };

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
  const embedded = await spill(table, added, commit.embedded, writer, signal);
  const about = { ...noteOf(note), rows: 0, bytes };
  const revision = await changelog.commit({ table, embedded, touched: [], about }, heads, signal);
  return { series, revision };
}

/** Neighbours joined to about the lengths in which a single write would have stored them. */
function group(segments: readonly Segment[]): Group[] {
  const total = segments.reduce((sum, { length }) => sum + length, 0);
  const lengths = segmentLengths(total);
  const groups: Segment[][] = [];
  let [rows, wanted] = [0, lengths.shift() ?? MOST_ROWS];
  let current: Segment[] = [];
  for (const segment of segments) {
    if (current.length > 0 && rows + segment.length > 1.5 * wanted) {
      groups.push(current);
      [current, rows, wanted] = [[], 0, lengths.shift() ?? MOST_ROWS];
    }
    current.push(segment);
    rows += segment.length;
    if (rows >= wanted) {
      groups.push(current);
      [current, rows, wanted] = [[], 0, lengths.shift() ?? MOST_ROWS];
    }
  }
  if (current.length > 0) groups.push(current);
  return groups;
}
