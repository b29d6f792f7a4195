import type { Segment } from "../../changelog/segment-table.ts";
import type { Column, Schema } from "../../model/schema.ts";
import type { GetOptions } from "../../stores/store.ts";
import type { ChunkSummary } from "../overviews/chunk-summary.ts";
import { FINE_BLOCK, type Group, groupsOf } from "../overviews/groups.ts";
import type { Overview } from "../overviews/overview.ts";
import type { OverviewFiles } from "../overviews/overview-files.ts";

/** Where the blocks of a segment are in the overviews. */
interface Place {
  readonly group: Group;
  readonly position: number;
}

/** A series whose overviews may be used. */
interface OverviewSource {
  schema: Schema;
  /** All segments of the series, in order. */
  segments: readonly Segment[];
  /** Undefined if the repo has none. */
  files: OverviewFiles | undefined;
}

/** The overviews of a series, segment by segment. Each file is loaded once for all of its segments. */
export class SegmentOverviews {
  readonly #source: OverviewSource;
  /** Coarse places first. */
  readonly #places = new Map<string, Place[]>();
  readonly #loading = new Map<Group, Map<Column, Promise<Overview | undefined>>>();

  constructor(source: OverviewSource) {
    this.#source = source;
    const { coarse, fine } = groupsOf(source.segments);
    for (const group of [...coarse, ...fine]) {
      group.segments.forEach((segment, position) => {
        const places = this.#places.get(keyOf(segment)) ?? [];
        places.push({ group, position });
        this.#places.set(keyOf(segment), places);
      });
    }
  }

  /** Returns how many rows the blocks of a segment have, long ones first. Empty for a segment without overviews. */
  blockLengths(segment: Segment): number[] {
    return this.#placesOf(segment).map(({ group }) => group.rowsPerBlock);
  }

  /** Returns the summary of one column of a segment. Undefined if there is none with so few rows per block. */
  async get(
    segment: Segment,
    y: Column,
    rowsPerBlock: number,
    options: GetOptions,
  ): Promise<ChunkSummary | undefined> {
    if (rowsPerBlock < FINE_BLOCK || !this.#source.files) return undefined;
    for (const { group, position } of this.#placesOf(segment)) {
      if (group.rowsPerBlock > rowsPerBlock) continue;
      const summary = (await this.#load(group, y, options))?.segments[position];
      if (summary) return summary;
    }
    return undefined;
  }

  #load(group: Group, y: Column, options: GetOptions): Promise<Overview | undefined> {
    const { files, schema } = this.#source;
    const columns = this.#loading.get(group) ?? new Map<Column, Promise<Overview | undefined>>();
    this.#loading.set(group, columns);
    const overview = columns.get(y) ?? files!.get(group, schema, y, options);
    columns.set(y, overview);
    return overview;
  }

  #placesOf(segment: Segment): readonly Place[] {
    return this.#places.get(keyOf(segment)) ?? [];
  }
}

const keyOf = ({ digests }: Segment) => digests.join();
