import type { ColumnData } from "../model/column.ts";
import { compareStrings, keyAt } from "../model/key.ts";
import { lowerBound } from "../model/lower-bound.ts";
import type { Strings } from "../model/strings.ts";
import type { EmbeddedChunks, LabelRange, LoadedSegments, Segment, SegmentTable } from "./segment-table.ts";

/** The columns of a table of segments, as commits and leaf pages store them. */
export interface TableColumns {
  /** Sorted. */
  readonly label: Strings;
  /** Bounds: a column for each index column. */
  readonly start: readonly ColumnData[];
  readonly stop: readonly ColumnData[];
  /** Which bounds belong to their segments: 1 the start, 2 the stop. */
  readonly closed: Uint8Array<ArrayBuffer>;
  readonly length: BigInt64Array<ArrayBuffer>;
  /** A column for each column of the schema. */
  readonly digest: readonly Strings[];
  /** 1 for segments whose digests are certain to be of what their chunks hold. */
  readonly exact: Uint8Array<ArrayBuffer>;
}

/** A table of segments in memory, as columns: a segment becomes an object only when it is needed. */
export class FlatTable implements SegmentTable {
  readonly columns: TableColumns;
  readonly embedded: EmbeddedChunks;

  constructor(columns: TableColumns, embedded: EmbeddedChunks) {
    this.columns = columns;
    this.embedded = embedded;
  }

  /** Number of segments. */
  get size(): number {
    return this.columns.label.length;
  }

  /** Returns segment `row`. */
  segment(row: number): Segment {
    const { label, start, stop, closed, length, digest, exact } = this.columns;
    return {
      label: label.at(row),
      lo: { key: keyAt(start, row), side: closed[row]! & 1 ? -1 : 1 },
      hi: { key: keyAt(stop, row), side: closed[row]! & 2 ? 1 : -1 },
      length: Number(length[row]),
      digests: digest.map((column) => column.at(row)),
      ...(exact[row] && { exact: true }),
    };
  }

  /** Returns the positions of the segments of a series: the first one, and the one after the last. */
  rowsOf(label: string): [from: number, to: number] {
    return [this.#firstRow(label, 0), this.#firstRow(label, 1)];
  }

  /** Position of the first segment whose label is not below `label` (`past` 0), or is above it (1). */
  #firstRow(label: string, past: 0 | 1): number {
    return lowerBound(this.size, (row) => compareStrings(this.columns.label.at(row), label) < past);
  }

  /** Returns the segments from one position up to another. */
  slice(from: number, to: number): Segment[] {
    return Array.from({ length: to - from }, (_, i) => this.segment(from + i));
  }

  /** Returns the segments of some series. */
  of(labels: readonly string[]): Segment[] {
    const sorted = labels.length > 1 ? [...new Set(labels)].sort(compareStrings) : labels;
    return sorted.flatMap((label) => this.slice(...this.rowsOf(label)));
  }

  async load(labels: readonly string[]): Promise<LoadedSegments> {
    return { segments: this.of(labels), embedded: this.embedded };
  }

  async *parts(): AsyncIterable<LoadedSegments> {
    if (this.size > 0) yield { segments: this.slice(0, this.size), embedded: this.embedded };
  }

  /** Returns all labels. */
  distinctLabels(): string[] {
    const { label } = this.columns;
    const found: string[] = [];
    for (let row = 0; row < this.size; row++)
      if (row === 0 || !isSame(label, row - 1, row)) found.push(label.at(row));
    return found;
  }

  async labels({ prefix = "", after, limit = Number.POSITIVE_INFINITY }: LabelRange = {}): Promise<string[]> {
    const { label } = this.columns;
    const found: string[] = [];
    let row = this.#firstRow(prefix, 0);
    if (after !== undefined) row = Math.max(row, this.#firstRow(after, 1));
    for (; row < this.size && found.length < limit; row++) {
      if (found.length > 0 && isSame(label, row - 1, row)) continue;
      const next = label.at(row);
      if (!next.startsWith(prefix)) break;
      found.push(next);
    }
    return found;
  }

  /** Returns the number of series. */
  countSeries(): number {
    let count = Math.min(1, this.size);
    for (let row = 1; row < this.size; row++) if (!isSame(this.columns.label, row - 1, row)) count++;
    return count;
  }

  async files(): Promise<string[]> {
    return [];
  }
}

/** Whether two items are equal. */
function isSame({ bytes, offsets }: Strings, a: number, b: number): boolean {
  const [from, to] = [offsets[a]!, offsets[b]!];
  const size = offsets[a + 1]! - from;
  if (offsets[b + 1]! - to !== size) return false;
  for (let i = 0; i < size; i++) if (bytes[from + i] !== bytes[to + i]) return false;
  return true;
}
