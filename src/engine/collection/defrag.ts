import { touchedRanges } from "../../changelog/commit.ts";
import { EditedTable } from "../../changelog/edited-table.ts";
import {
  bySeries,
  joinParts,
  type LoadedSegments,
  type Segment,
  type SegmentTable,
} from "../../changelog/segment-table.ts";
import { EMPTY_DIGEST } from "../../codecs/digest.ts";
import type { DefragOptions, DefragReport } from "../../model/api/maintenance.ts";
import type { Bytes } from "../../model/bytes.ts";
import { LakotaError } from "../../model/errors.ts";
import { sizesOf } from "../read/chunk-sizes.ts";
import { planRead } from "../read/plan.ts";
import { checkNames } from "../read/range.ts";
import { executeRead } from "../read/read.ts";
import { checkReferenced } from "../write/check-referenced.ts";
import { warnOfConflicts } from "../write/conflict-warnings.ts";
import { MAX_NAMED, noSuchSeries } from "../write/no-such-series.ts";
import { checkNote } from "../write/note.ts";
import { castRows } from "../write/rows.ts";
import { MAX_SEGMENT_ROWS, segmentLengths } from "../write/segment-layout.ts";
import { storeTable } from "../write/store-table.ts";
import type { CollectionContext } from "./collection-context.ts";
import { writeContext } from "./write-context.ts";

/** Segments to be joined into one. A group of one segment stays as it is. */
type Group = readonly Segment[];

/** Rewrites series of many short segments as few long ones: {@link Collection.defrag}. */
export function defrag(collection: CollectionContext, options: DefragOptions): Promise<DefragReport> {
  return collection.exclusively((signal) => rewriteSegments(collection, options, signal), options.signal);
}

async function rewriteSegments(
  collection: CollectionContext,
  { labels, dryRun, note }: DefragOptions,
  signal: AbortSignal,
): Promise<DefragReport> {
  const { changelog, schema, repo } = collection;
  checkNames("labels", labels);
  const { source } = repo;
  const context = writeContext(collection);
  const { writer } = context;
  changelog.refresh();
  const { heads, commit, conflicts } = await changelog.state(undefined, signal);
  const { plans, embedded } = await planGroups(commit.table, labels, signal);
  const series = plans.map(({ label, was, groups }) => ({ label, was, segments: groups.length }));
  const joined = plans.flatMap(({ groups }) => groups.filter(({ length }) => length > 1).flat());
  const old = digestsIn(joined);
  const sizes = await sizesOf(
    [...old].filter((digest) => !embedded.has(digest)),
    repo.store,
    repo.concurrency,
    signal,
  );
  const bytesOf = (digests: ReadonlySet<string>) =>
    [...digests].reduce((sum, digest) => sum + (embedded.get(digest)?.length ?? sizes.get(digest) ?? 0), 0);
  /** Returns what no segment refers to once these are all segments of the defragmented series. */
  const replacedBy = async (segments: readonly Segment[]) => {
    const current = digestsIn(segments);
    const rewritten = new Set(plans.map(({ label }) => label));
    for await (const part of commit.table.parts(signal))
      for (const digest of digestsIn(part.segments.filter(({ label }) => !rewritten.has(label))))
        if (old.has(digest)) current.add(digest);
    const replaced = new Set([...old].filter((digest) => !current.has(digest)));
    return { segments: joined.length, chunks: replaced.size, bytes: bytesOf(replaced) };
  };
  if (dryRun || plans.length === 0) {
    const rewritten = new Set(joined);
    const kept = plans.flatMap(({ groups }) => groups.flat()).filter((segment) => !rewritten.has(segment));
    const replaced = await replacedBy(kept);
    return { series, bytes: bytesOf(old), replaced, revision: undefined };
  }

  const added = new Map<string, Bytes>();
  let bytes = 0;
  const renewed: Segment[] = [];
  for (const { label, groups } of plans) {
    // One group at a time bounds memory: a group may be as long as the longest segment.
    for (const group of groups) {
      const [first, last] = [group[0]!, group.at(-1)!];
      if (group.length === 1) {
        renewed.push(first);
        continue;
      }
      const range = { lo: first.lo, hi: last.hi };
      const plan = planRead(group, schema, range);
      // The digests of new chunks would make rows that cannot be verified look as if they were.
      const verifiedOnly = !source.chunks.allowUnverified;
      const reading = executeRead(plan, { source, embedded, verifiedOnly, signal });
      const { frame } = await reading.catch((error: unknown) => {
        throw explained(error, label);
      });
      const rows = castRows(schema, frame);
      const stored = await writer.store(schema, label, rows, range, signal, [rows.length]);
      renewed.push(...stored.segments);
      for (const [digest, chunk] of stored.embedded) added.set(digest, chunk);
      bytes += stored.bytes;
    }
  }
  const chunks = new Map([...added, ...embedded]);
  const edited = new EditedTable(commit.table, { series: bySeries(renewed), embedded: chunks });
  const table = await storeTable(edited, changelog, writer, signal);
  const about = { ...checkNote(note), rows: 0, bytes };
  const replaced = await replacedBy(renewed); // first: what is stored is not to fail
  await checkReferenced(writer, changelog, heads, signal);
  const revision = await changelog.commit({ table, touched: touchedRanges([]), about }, heads, signal);
  warnOfConflicts(conflicts, [], context);
  return { series, bytes, replaced, revision };
}

/** Returns the series that have segments to join, and the embedded chunks of their segments. */
async function planGroups(table: SegmentTable, labels: readonly string[] | undefined, signal: AbortSignal) {
  const plans: { label: string; was: number; groups: Group[] }[] = [];
  const loaded: LoadedSegments[] = [];
  const missing = new Set(labels);
  for await (const part of labels ? [await table.load(labels, signal)] : table.parts(signal)) {
    let isUsed = false;
    for (const [label, segments] of bySeries(part.segments)) {
      missing.delete(label);
      const groups = groupSegments(segments);
      if (groups.length === segments.length) continue;
      plans.push({ label, was: segments.length, groups });
      isUsed = true;
    }
    if (isUsed) loaded.push(part);
  }
  for (const label of missing) throw noSuchSeries(label, await table.labels({ limit: MAX_NAMED }, signal));
  return { plans, embedded: joinParts(loaded).embedded };
}

function explained(error: unknown, label: string): unknown {
  if (!(error instanceof LakotaError) || error.code !== "corrupt") return error;
  const message = `Series "${label}" cannot be defragmented, so nothing was written. ${error.message} The option labels can leave the series out.`;
  return new LakotaError("corrupt", message, { cause: error });
}

const digestsIn = (segments: readonly Segment[]): Set<string> => {
  const digests = new Set(segments.flatMap(({ digests }) => digests));
  digests.delete(EMPTY_DIGEST);
  return digests;
};

/** Groups neighbouring segments to about the lengths that a single write would have stored. */
function groupSegments(segments: readonly Segment[]): Group[] {
  const total = segments.reduce((sum, { length }) => sum + length, 0);
  const lengths = segmentLengths(total);
  const groups: Segment[][] = [];
  let [rows, target] = [0, lengths.shift() ?? MAX_SEGMENT_ROWS];
  let current: Segment[] = [];
  for (const segment of segments) {
    if (current.length > 0 && rows + segment.length > 1.5 * target) {
      groups.push(current);
      [current, rows, target] = [[], 0, lengths.shift() ?? MAX_SEGMENT_ROWS];
    }
    current.push(segment);
    rows += segment.length;
    if (rows >= target) {
      groups.push(current);
      [current, rows, target] = [[], 0, lengths.shift() ?? MAX_SEGMENT_ROWS];
    }
  }
  if (current.length > 0) groups.push(current);
  return groups;
}
