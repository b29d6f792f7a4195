import { lookAhead } from "../../../async/look-ahead.ts";
import { settleEach } from "../../../async/settle-each.ts";
import type { Segment } from "../../../changelog/segment-table.ts";
import type { Bytes } from "../../../model/bytes.ts";
import { LakotaError } from "../../../model/errors.ts";
import { overviewPath } from "../../../model/overview-path.ts";
import type { Column } from "../../../model/schema.ts";
import { ByteLru } from "../../../stores/cache/byte-lru.ts";
import type { Store } from "../../../stores/store.ts";
import { chunkRequest, type Loading, loadColumn, loadingFor } from "../../read/load.ts";
import { costOfChunk } from "../../read/plan.ts";
import type { ReadSource } from "../../read/read-context.ts";
import { numbersOf, summariseRows } from "../../read/summarised-segments.ts";
import { type BlockIndex, decodeBlockIndex } from "../block-index.ts";
import { type ChunkSummary, withLongerBlocks } from "../chunk-summary.ts";
import { decodeOverview } from "../decode.ts";
import type { Group } from "../groups.ts";
import { type Overview, overviewName } from "../overview.ts";
import { encodeOverview } from "./encode.ts";
import { encodeBlockIndex, makeBlockIndex } from "./make-block-index.ts";
import {
  isSummary,
  type OverviewFile,
  overviewFilesOf,
  type SummarisedSeries,
  type SummaryFile,
} from "./series-overviews.ts";

/** Segments read ahead of the one that is summarised. */
const AHEAD = 2;
/** Files checked at a time. */
const CHECKS = 8;
/** Bytes of overviews that were just made, from which longer blocks are made. */
const MEMORY = 64 << 20;

/** What making overviews needs of a repo. */
export interface MakerContext {
  readonly store: Store;
  readonly source: ReadSource;
  /** Names of overviews that exist. Those that are made are added. */
  readonly present: Set<string>;
  readonly signal: AbortSignal;
  /** Called for each file that was made. */
  onMade?(bytes: number): void;
}

/** The summary of each segment of a group; undefined for one whose rows have no place on the x axis. */
type Summaries = (ChunkSummary | undefined)[];

/** Makes overviews. */
export class OverviewMaker {
  readonly #context: MakerContext;
  readonly #memory = new ByteLru<Overview>(MEMORY);
  /** Names of files that are replaced. */
  readonly #damaged = new Set<string>();

  constructor(context: MakerContext) {
    this.#context = context;
  }

  /** Returns the overviews that a series lacks. @param checked whether those that are damaged are lacking too */
  async missing(series: SummarisedSeries, checked = false): Promise<OverviewFile[]> {
    const { present } = this.#context;
    const files = await overviewFilesOf(series);
    const existing = checked ? files.filter(({ name }) => present.has(name)) : [];
    await settleEach(existing, CHECKS, async (file) => {
      if (await this.#isUsable(series, file)) return;
      present.delete(file.name);
      this.#damaged.add(file.name);
    });
    return files.filter(({ name }) => !present.has(name));
  }

  async #isUsable({ schema }: SummarisedSeries, { name, group, y }: OverviewFile): Promise<boolean> {
    const { store, signal } = this.#context;
    const bytes = await store.get(overviewPath(name), { signal, reload: true });
    if (!bytes) return false;
    const decoded = y ? decodeOverview(bytes, name, group) : decodeBlockIndex(bytes, name, group, schema);
    return decoded.then(
      () => true,
      (error) => !damage(error),
    );
  }

  /**
   * Makes overviews that a series lacks. What was made before is used where it is of the same segments.
   *
   * @returns why some were not made: a chunk is damaged or missing, or cannot be verified
   */
  async make(series: SummarisedSeries, missing: readonly OverviewFile[]): Promise<LakotaError[]> {
    const failures: LakotaError[] = [];
    const summaries = missing.filter(isSummary);
    for (const group of [...series.groups.fine, ...series.groups.coarse]) {
      const files = summaries.filter((file) => file.group === group);
      if (files.length > 0) failures.push(...(await this.#makeGroup(series, group, files)));
    }
    for (const file of missing)
      if (!isSummary(file)) failures.push(...(await this.#makeBlockIndex(series, file)));
    return failures;
  }

  /** Returns the block index of a group from its chunks. @throws as {@link make} */
  blockIndex({ schema, embedded }: SummarisedSeries, group: Group): Promise<BlockIndex> {
    const { source, signal } = this.#context;
    return makeBlockIndex(group, schema, async (segment, column) => {
      const request = chunkRequest(segment, column, schema.columns);
      if (embedded.has(request.digest)) return undefined; // read with the commit
      const { bytes: cost } = costOfChunk(segment, column);
      let verified: Bytes | undefined;
      const onVerified = (bytes: Bytes) => {
        verified = bytes;
      };
      const load = () =>
        source.chunks.load({ ...request, embedded: undefined, verifiedOnly: true, signal, onVerified });
      await source.memoryBudget({ chunks: 1, bytes: cost }).run(cost, load, signal);
      return verified;
    });
  }

  async #makeBlockIndex(series: SummarisedSeries, { name, group }: OverviewFile): Promise<LakotaError[]> {
    try {
      await this.#put(name, await encodeBlockIndex(await this.blockIndex(series, group), name, group));
      return [];
    } catch (error) {
      return [damage(error)];
    }
  }

  async #put(name: string, bytes: Bytes): Promise<void> {
    const { store, present, signal, onMade } = this.#context;
    await store.put(overviewPath(name), bytes, { signal, overwrite: this.#damaged.delete(name) });
    present.add(name);
    onMade?.(bytes.length);
  }

  async #makeGroup(
    series: SummarisedSeries,
    group: Group,
    files: readonly SummaryFile[],
  ): Promise<LakotaError[]> {
    try {
      const columns = files.map(({ y }) => y);
      const known = await Promise.all(columns.map((y) => this.#known(series, group, y)));
      const made = await this.#fill(series, group, columns, known);
      for (const [i, { name }] of files.entries()) {
        const overview: Overview = { segments: made[i]! };
        await this.#put(name, await encodeOverview(overview, name, group));
        this.#remember(name, overview);
      }
      return [];
    } catch (error) {
      const failure = damage(error);
      if (files.length === 1) return [failure];
    }
    // Other columns may be intact.
    const failures: LakotaError[] = [];
    for (const file of files) failures.push(...(await this.#makeGroup(series, group, [file])));
    return failures;
  }

  /** Returns the summaries of columns from their rows alone. @throws as {@link make} */
  fromRows(series: SummarisedSeries, group: Group, ys: readonly Column[]): Promise<readonly Summaries[]> {
    return this.#fill(
      series,
      group,
      ys,
      ys.map(() => []),
    );
  }

  /** Reads the segments of which `known`, the first summaries of each column, lacks some. */
  async #fill(
    series: SummarisedSeries,
    group: Group,
    ys: readonly Column[],
    known: readonly Summaries[],
  ): Promise<readonly Summaries[]> {
    const first = Math.min(...known.map(({ length }) => length));
    const loading = this.#loadingFor(series);
    try {
      const segments = group.segments.slice(first).map((segment, i) => ({
        segment,
        lacking: ys.filter((_, column) => known[column]!.length <= first + i),
      }));
      const read = lookAhead(segments, AHEAD, ({ segment, lacking }) =>
        this.#summarise(series, segment, lacking, group.rowsPerBlock, loading),
      );
      for await (const made of read) for (const [y, summary] of made) known[ys.indexOf(y)]!.push(summary);
      return known;
    } finally {
      loading.group.end();
    }
  }

  #loadingFor({ schema, embedded }: SummarisedSeries): Loading {
    const { source, signal } = this.#context;
    const positions = new Map(schema.columns.map((column, i) => [column, i]));
    // What is stored must be certain, unless the user has said otherwise.
    return loadingFor({ source, embedded, signal, verifiedOnly: !source.chunks.allowUnverified }, positions);
  }

  /** Summarises columns of a segment, one after the other, so that few are in memory. */
  async #summarise(
    { schema }: SummarisedSeries,
    segment: Segment,
    ys: readonly Column[],
    rowsPerBlock: number,
    loading: Loading,
  ): Promise<[y: Column, summary: ChunkSummary | undefined][]> {
    const { source, signal } = this.#context;
    const x = schema.index[0]!;
    const { bytes } = costOfChunk(segment, x);
    const work = async () => {
      const load = (column: Column) =>
        (column.index ? source.indexSlots : source.valueSlots).run(
          () => loadColumn(loading, segment, column),
          loading,
        );
      const index = await Promise.all(schema.index.map(load));
      const xs = numbersOf(index[0]!, x, 0, segment.length);
      const made: [Column, ChunkSummary | undefined][] = [];
      for (const y of ys) {
        const summary = summariseRows(index, xs, numbersOf(await load(y), y, 0, segment.length));
        made.push([y, summary && withLongerBlocks(summary, rowsPerBlock)]);
      }
      return made;
    };
    const cost = { chunks: 0, bytes: bytes * (schema.index.length + 3) };
    return source.memoryBudget(cost).run(cost.bytes, work, signal);
  }

  /** Returns the summaries of the first segments of a group, as far as other overviews have them. */
  async #known(series: SummarisedSeries, group: Group, y: Column): Promise<Summaries> {
    const { fine, coarse } = series.groups;
    const isCoarse = coarse.includes(group);
    const levels = isCoarse ? coarse : fine;
    // Only the last group grows.
    const known = group === levels.at(-1) ? await this.#shorter(series, group, y, isCoarse) : [];
    if (!isCoarse) return known;
    const parts = fine.filter(({ segments }) => group.segments.includes(segments[0]!));
    let next = 0;
    for (const part of parts) {
      const isKnown = next < known.length;
      next += part.segments.length;
      if (isKnown) continue;
      const overview = await this.#read(series, part, y);
      if (!overview) break;
      known.push(
        ...overview.segments.map((summary) => summary && withLongerBlocks(summary, group.rowsPerBlock)),
      );
    }
    return known;
  }

  /** Returns what the overview had before segments were added to its group. */
  async #shorter(series: SummarisedSeries, group: Group, y: Column, isCoarse: boolean): Promise<Summaries> {
    if (this.#context.present.size === 0) return [];
    const blocks = isCoarse ? [group.rowsPerBlock, group.rowsPerBlock / 2] : [group.rowsPerBlock];
    const ends = isCoarse ? fineEnds(series.groups.fine, group) : group.segments.map((_, i) => i);
    for (const end of ends.toReversed()) {
      if (end === 0) break;
      for (const rowsPerBlock of blocks) {
        const before = { rowsPerBlock, segments: group.segments.slice(0, end) };
        const overview = await this.#read(series, before, y);
        if (overview)
          return overview.segments.map((summary) => summary && withLongerBlocks(summary, group.rowsPerBlock));
      }
    }
    return [];
  }

  /** Returns an overview that exists and is intact. */
  async #read({ schema }: SummarisedSeries, group: Group, y: Column): Promise<Overview | undefined> {
    const name = await overviewName(group, schema, y);
    const known = this.#memory.get(name);
    if (known || !this.#context.present.has(name)) return known;
    const { store, signal } = this.#context;
    const bytes = await store.get(overviewPath(name), { signal });
    try {
      return bytes && (await decodeOverview(bytes, name, group));
    } catch (error) {
      if (error instanceof LakotaError && error.code === "corrupt") return undefined;
      throw error;
    }
  }

  #remember(name: string, overview: Overview): void {
    const blocks = overview.segments.map((summary) => summary?.blocks.data.byteLength ?? 0);
    this.#memory.set(
      name,
      overview,
      blocks.reduce((sum, bytes) => sum + bytes, 0),
    );
  }
}

/** Returns an error that says that a chunk is damaged or missing. Throws any other. */
function damage(error: unknown): LakotaError {
  if (error instanceof LakotaError && ["corrupt", "not-found"].includes(error.code)) return error;
  throw error;
}

/** Returns the numbers of segments with which a coarse group may have ended before. */
function fineEnds(fine: readonly Group[], { segments }: Group): number[] {
  const ends: number[] = [];
  let end = 0;
  const from = fine.findIndex((group) => group.segments[0] === segments[0]);
  for (const group of fine.slice(from)) {
    end += group.segments.length;
    if (end >= segments.length) break;
    ends.push(end);
  }
  return ends;
}
