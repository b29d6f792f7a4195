import type { Bytes } from "../model/bytes.ts";
import { compareStrings } from "../model/key.ts";
import {
  type EmbeddedChunks,
  joinParts,
  type LabelRange,
  type LoadedSegments,
  type Segment,
  type SegmentTable,
  segmentsOf,
} from "./segment-table.ts";

/** What replaces series of a table. */
export interface SeriesChanges {
  /** The new segments of each changed series. One without segments is removed. */
  readonly series: ReadonlyMap<string, readonly Segment[]>;
  /** Has at least those of their chunks that have no file. */
  readonly embedded: EmbeddedChunks;
}

/** New series in one part of a table. */
const PART = 1_024;

/** A table in which some series are replaced. */
export class EditedTable implements SegmentTable {
  /** Is not edited itself. */
  readonly base: SegmentTable;
  readonly changes: SeriesChanges;

  constructor(base: SegmentTable, changes: SeriesChanges) {
    const isEdited = base instanceof EditedTable;
    this.base = isEdited ? base.base : base;
    this.changes = isEdited ? joinChanges(base.changes, changes) : changes;
  }

  async load(labels: readonly string[], signal?: AbortSignal): Promise<LoadedSegments> {
    const { series, embedded } = this.changes;
    const others = labels.filter((label) => !series.has(label));
    const stored = others.length > 0 ? await this.base.load(others, signal) : undefined;
    if (stored && others.length === labels.length) return stored;
    const sorted = [...new Set(labels)].sort(compareStrings);
    return joinParts(
      sorted.map((label) => {
        const own = series.get(label);
        if (own) return { segments: own, embedded };
        return {
          segments: segmentsOf(stored?.segments ?? [], label),
          embedded: stored?.embedded ?? new Map(),
        };
      }),
    );
  }

  async *parts(signal?: AbortSignal): AsyncIterable<LoadedSegments> {
    const { series, embedded } = this.changes;
    const changed = [...series.keys()].sort(compareStrings);
    let next = 0;
    for await (const part of this.base.parts(signal)) {
      const last = part.segments.at(-1);
      if (!last) continue;
      const from = next;
      while (next < changed.length && compareStrings(changed[next]!, last.label) <= 0) next++;
      const own = changed.slice(from, next);
      if (own.length === 0) yield part;
      else yield merged(part, own, this.changes);
    }
    for (; next < changed.length; next += PART) {
      const rest = changed.slice(next, next + PART).flatMap((label) => series.get(label)!);
      if (rest.length > 0) yield { segments: rest, embedded };
    }
  }

  async labels({ prefix = "", after, limit }: LabelRange = {}, signal?: AbortSignal): Promise<string[]> {
    const { series } = this.changes;
    const isListed = (label: string) =>
      label.startsWith(prefix) && (after === undefined || compareStrings(label, after) > 0);
    const removed = [...series.values()].filter((own) => own.length === 0).length;
    const stored = await this.base.labels(
      { prefix, after, limit: limit === undefined ? undefined : limit + removed },
      signal,
    );
    const added = [...series].flatMap(([label, own]) => (own.length > 0 && isListed(label) ? [label] : []));
    const all = [...new Set([...stored, ...added])].filter((label) => series.get(label)?.length !== 0);
    return all.sort(compareStrings).slice(0, limit);
  }

  files(labels: readonly string[], signal?: AbortSignal): Promise<string[]> {
    return this.base.files(labels, signal);
  }
}

function joinChanges(a: SeriesChanges, b: SeriesChanges): SeriesChanges {
  return {
    series: new Map([...a.series, ...b.series]),
    embedded: new Map<string, Bytes>([...b.embedded, ...a.embedded]), // new chunks come first
  };
}

/** Returns a part of a table with changed series in place of its own. */
function merged(part: LoadedSegments, labels: readonly string[], changes: SeriesChanges): LoadedSegments {
  const { series, embedded } = changes;
  const segments: Segment[] = [];
  let next = 0;
  for (const segment of part.segments) {
    for (; next < labels.length && compareStrings(labels[next]!, segment.label) <= 0; next++)
      segments.push(...series.get(labels[next]!)!);
    if (!series.has(segment.label)) segments.push(segment);
  }
  for (; next < labels.length; next++) segments.push(...series.get(labels[next]!)!);
  const chunks = new Map(part.embedded);
  for (const digest of labels.flatMap((label) => series.get(label)!).flatMap(({ digests }) => digests)) {
    const bytes = embedded.get(digest);
    if (bytes) chunks.set(digest, bytes);
  }
  return { segments, embedded: chunks };
}
