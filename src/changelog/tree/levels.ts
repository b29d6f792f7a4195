import { encodeColumn } from "../../codecs/encode.ts";
import { type Bytes, fromHex } from "../../model/bytes.ts";
import { encodeStrings } from "../../model/encode-strings.ts";
import type { Schema } from "../../model/schema.ts";
import { LENGTH, TEXT } from "../decode-table.ts";
import { encodeTable } from "../encode-table.ts";
import { FlatTable } from "../flat-table.ts";
import { flatTable } from "../flat-table-edits.ts";
import { packMap } from "../pack-map.ts";
import { bySeries, type EmbeddedChunks, type Segment } from "../segment-table.ts";
import { BranchPage, type ChildPage, lastOf, type Page } from "./page.ts";

/** A series, as an entry of a leaf. */
export interface SeriesEntry {
  readonly label: string;
  readonly segments: readonly Segment[];
  /** Has at least those of their chunks that have no file. */
  readonly embedded: EmbeddedChunks;
}

/** How the pages of one level are made of entries. */
export interface Level<Entry> {
  readonly height: number;
  /** The entries of a page, by key. They sort by key. */
  entriesOf(page: Page): Map<string, Entry>;
  keyOf(entry: Entry): string;
  /** Bytes that an entry takes, about: the measure for the size of pages. */
  sizeOf(entry: Entry): number;
  /** The labels that the parent of a page with these entries has of it. */
  labelsOf(entries: readonly Entry[]): string[];
  encode(entries: readonly Entry[]): Promise<Bytes>;
}

/** Bytes that a segment takes in a leaf, and its digest in one column, about. */
const SEGMENT_SIZE = 32;
const DIGEST_SIZE = 32;
/** Bytes that a child takes in a branch besides its labels. */
const CHILD_SIZE = 24;

/** The level of the leaves. */
export class LeafLevel implements Level<SeriesEntry> {
  readonly height = 0;
  readonly #schema: Schema;

  constructor(schema: Schema) {
    this.#schema = schema;
  }

  entriesOf(page: Page): Map<string, SeriesEntry> {
    if (!(page instanceof FlatTable)) return new Map();
    const { embedded } = page;
    const series = bySeries(page.slice(0, page.size));
    return new Map([...series].map(([label, segments]) => [label, { label, segments, embedded }]));
  }

  keyOf({ label }: SeriesEntry): string {
    return label;
  }

  sizeOf(entry: SeriesEntry): number {
    let size = utf8Length(entry.label);
    for (const { digests } of entry.segments) size += SEGMENT_SIZE + DIGEST_SIZE * digests.length;
    for (const bytes of chunksOf([entry]).values()) size += bytes.length;
    return size;
  }

  labelsOf(entries: readonly SeriesEntry[]): string[] {
    return entries.map(({ label }) => label);
  }

  async encode(entries: readonly SeriesEntry[]): Promise<Bytes> {
    const segments = entries.flatMap((entry) => entry.segments);
    return packMap(await encodeTable(flatTable(segments, this.#schema, chunksOf(entries)), this.#schema));
  }
}

/** Returns the embedded chunks of series. */
function chunksOf(entries: readonly SeriesEntry[]): Map<string, Bytes> {
  const chunks = new Map<string, Bytes>();
  for (const { segments, embedded } of entries) {
    for (const digest of segments.flatMap(({ digests }) => digests)) {
      const bytes = embedded.get(digest);
      if (bytes) chunks.set(digest, bytes);
    }
  }
  return chunks;
}

/** A level above the leaves. */
export class BranchLevel implements Level<ChildPage> {
  readonly height: number;

  constructor(height: number) {
    this.height = height;
  }

  entriesOf(page: Page): Map<string, ChildPage> {
    return new Map(page instanceof BranchPage ? page.children.map((child) => [lastOf(child), child]) : []);
  }

  keyOf(child: ChildPage): string {
    return lastOf(child);
  }

  sizeOf({ labels }: ChildPage): number {
    return labels.reduce((sum, label) => sum + utf8Length(label), CHILD_SIZE);
  }

  labelsOf(children: readonly ChildPage[]): string[] {
    return [lastOf(children.at(-1)!)];
  }

  async encode(children: readonly ChildPage[]): Promise<Bytes> {
    const counts = BigInt64Array.from(children, ({ labels }) => BigInt(labels.length));
    return packMap({
      height: this.height,
      label: await encodeColumn(encodeStrings(children.flatMap(({ labels }) => labels)), TEXT),
      count: await encodeColumn(counts, LENGTH),
      child: fromHex(children.map(({ digest }) => digest).join("")),
    });
  }
}

const encoder = new TextEncoder();
const utf8Length = (label: string): number => encoder.encode(label).length;
