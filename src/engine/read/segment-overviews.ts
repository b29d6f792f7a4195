import type { Segment } from "../../changelog/segment-table.ts";
import type { Column, Schema } from "../../model/schema.ts";
import { areNarrow } from "../../query/downsample/axis.ts";
import { BLOCK } from "../../query/downsample/summary.ts";
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

/** What a chart is made of. */
interface Chart {
  schema: Schema;
  /** All segments of the series, in order. */
  segments: readonly Segment[];
  /** Rows of the range, at most. */
  rows: number;
  slices: number;
  /** Undefined if the repo has none. */
  files: OverviewFiles | undefined;
}

/** The overviews of a series, segment by segment. Each file is loaded once for all of its segments. */
export class SegmentOverviews {
  readonly #chart: Chart;
  /** Coarse places first. */
  readonly #places = new Map<string, Place[]>();
  readonly #loading = new Map<Group, Map<Column, Promise<Overview | undefined>>>();

  constructor(chart: Chart) {
    this.#chart = chart;
    const { coarse, fine } = groupsOf(chart.segments);
    for (const group of [...coarse, ...fine]) {
      group.segments.forEach((segment, position) => {
        const places = this.#places.get(keyOf(segment)) ?? [];
        places.push({ group, position });
        this.#places.set(keyOf(segment), places);
      });
    }
  }

  /** Returns the rows of the longest blocks of a segment that may be narrow enough for the chart. */
  longestBlock(segment: Segment): number {
    const { rows, slices } = this.#chart;
    const place = this.#placesOf(segment).find(({ group }) => areNarrow(group.rowsPerBlock, rows, slices));
    return place?.group.rowsPerBlock ?? BLOCK;
  }

  /** Returns the summary of one column of a segment. Undefined if there is none with so few rows per block. */
  async get(
    segment: Segment,
    y: Column,
    rowsPerBlock: number,
    options: GetOptions,
  ): Promise<ChunkSummary | undefined> {
    if (rowsPerBlock < FINE_BLOCK || !this.#chart.files) return undefined;
    for (const { group, position } of this.#placesOf(segment)) {
      if (group.rowsPerBlock > rowsPerBlock) continue;
      const summary = (await this.#load(group, y, options))?.segments[position];
      if (summary) return summary;
    }
    return undefined;
  }

  #load(group: Group, y: Column, options: GetOptions): Promise<Overview | undefined> {
    const { files, schema } = this.#chart;
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
