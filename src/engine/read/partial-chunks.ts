import type { Segment } from "../../changelog/segment-table.ts";
import { type Extent, PartialChunk } from "../../codecs/blosc-blocks.ts";
import { columnOfRaw } from "../../codecs/raw.ts";
import type { ColumnData } from "../../model/column.ts";
import { zeros } from "../../model/column-rows.ts";
import { asLakotaError } from "../../model/errors.ts";
import { hashedPath } from "../../model/layout.ts";
import type { Column } from "../../model/schema.ts";
import { originOf, type Store } from "../../stores/store.ts";
import { isIndexed } from "../overviews/block-index.ts";
import { groupsOf, isSameChunk } from "../overviews/groups.ts";
import { sharedOverviews } from "../overviews/overview-files.ts";
import type { Slice } from "./assembly.ts";
import type { Loading } from "./load.ts";
import type { Take } from "./plan.ts";
import type { CurrentSeries } from "./read-context.ts";

/** The part of a chunk that a read needs. */
export interface PartRequest {
  readonly source: CurrentSeries;
  readonly segment: Segment;
  readonly column: Column;
  readonly take: Take;
  /** Returns which rows are wanted, once the index of the segment was read. */
  readonly slice: () => Promise<Slice>;
  readonly loading: Loading;
}

/** Share of a chunk above which the whole chunk is fetched: it then is in the cache, for later reads. */
const MAX_SHARE = 0.5;
/** Requests for one chunk at most. */
const MAX_REQUESTS = 3;
/** Bytes between two ranges up to which they are fetched as one. */
const MAX_GAP = 16 << 10;
/** Milliseconds after a failure during which a store is not asked for parts. */
const PAUSE = 60_000;

/** When a store failed to send parts. */
const failures = new WeakMap<Store, number>();

/**
 * Returns the rows of a slice of a chunk, from those of its blocks that have them. Undefined where the whole chunk is to
 * be read: it costs no more, or is cached; or the repo has no block indexes, the store sends no parts, or what it sends is
 * not what the index says.
 *
 * @throws `aborted`, and the errors of `slice`
 */
export async function readPart(request: PartRequest): Promise<ColumnData | undefined> {
  const { segment, column, loading, source } = request;
  const isPossible = isIndexed(segment, column) && !isPaused(source.shared.store);
  if (!isPossible || expectedShare(request) > MAX_SHARE) return undefined;
  return loading.group.run((signal) => read(request, signal));
}

async function read(request: PartRequest, signal: AbortSignal): Promise<ColumnData | undefined> {
  const { column, source } = request;
  const fallBack = (error: unknown) => pause(error, source.shared.store);
  const [chunk, { from, to }] = await Promise.all([
    openChunk(request, signal).catch(fallBack),
    request.slice(),
  ]);
  if (from === to) return zeros(column.dtype, 0);
  if (!chunk) return undefined;
  const { size } = column.dtype;
  try {
    if (!(await fetchBlocks(chunk, from * size, to * size, request, signal))) return undefined;
    return await columnOfRaw(await chunk.decode(from * size, to * size), column.dtype);
  } catch (error) {
    return fallBack(error);
  }
}

/** Whether the store failed to send parts of files a short time ago. */
const isPaused = (store: Store): boolean =>
  Date.now() - (failures.get(originOf(store)) ?? Number.NEGATIVE_INFINITY) < PAUSE;

/** Records that a store failed: callers read the whole chunk, whatever the error is. @throws `aborted` */
function pause(error: unknown, store: Store): undefined {
  if (asLakotaError(error).code === "aborted") throw error;
  failures.set(originOf(store), Date.now());
}

/** Estimates which share of a chunk is wanted: where keys are numbers, as if rows were evenly spaced. */
function expectedShare({ source, segment, take }: PartRequest): number {
  const stored = source.segments.find(({ digests }) => digests === segment.digests) ?? segment;
  const [lo, hi, from, to] = [segment.lo, segment.hi, stored.lo, stored.hi].map(({ key }) => Number(key[0]));
  const ofRange = (hi! - lo!) / (to! - from!);
  const ofRows = (take.offset + take.rows) / segment.length;
  return Math.min(ofRows, Number.isFinite(ofRange) ? ofRange : 0);
}

/** Returns a chunk without blocks. Undefined if it has no block index, or is cached. */
async function openChunk(
  { source, segment, column }: PartRequest,
  signal: AbortSignal,
): Promise<PartialChunk | undefined> {
  const { schema, segments, shared } = source;
  const files = sharedOverviews(shared);
  if (!(await files.exist(signal))) return undefined;
  const group = groupsOf(segments).fine.find((group) =>
    group.segments.some((each) => isSameChunk(each, segment)),
  );
  const position = group?.segments.findIndex((each) => isSameChunk(each, segment)) ?? 0;
  const columnPosition = schema.columns.indexOf(column);
  const path = hashedPath(segment.digests[columnPosition]!);
  const [index, isCached] = await Promise.all([
    group && files.blocks(group, schema, { signal }),
    shared.store.local?.has(path),
  ]);
  const blocks = index?.[position]?.[columnPosition];
  if (!blocks || isCached) return undefined;
  return PartialChunk.open(blocks, segment.length * column.dtype.size);
}

/**
 * Adds the blocks of bytes `from` to `to` of the content to a chunk. Returns false if the whole chunk is to be fetched
 * instead.
 */
async function fetchBlocks(
  chunk: PartialChunk,
  from: number,
  to: number,
  { source, segment, column, loading }: PartRequest,
  signal: AbortSignal,
): Promise<boolean> {
  const { store } = source.shared;
  const digest = segment.digests[source.schema.columns.indexOf(column)]!;
  const nameOf = (block: number) => `blocks/${digest}/${block}`;
  const first = Math.floor(from / chunk.blockBytes);
  const needed: number[] = [];
  for (let block = first; block * chunk.blockBytes < to; block++) {
    const cached = await store.local?.derived?.get(nameOf(block));
    if (!cached || !(await chunk.add(block, cached))) needed.push(block);
    else loading.progress.received(cached.length, true);
  }
  if (needed.length > 0 && loading.context.cachedPartsOnly) return false;
  const ranges = rangesOf(needed, chunk.extents);
  const bytes = ranges.reduce((sum, range) => sum + range.to - range.from, 0);
  if (bytes > MAX_SHARE * chunk.size || ranges.length > MAX_REQUESTS) return false;
  const added = await Promise.all(
    ranges.map(async (range) => {
      const part = await originOf(store).getRange?.(hashedPath(digest), range.from, range.to, { signal });
      if (part?.length !== range.to - range.from) return false;
      loading.progress.received(part.length, false);
      for (const block of range.blocks) {
        const extent = chunk.extents[block]!;
        const bytes = part.slice(extent.from - range.from, extent.to - range.from);
        if (!(await chunk.add(block, bytes))) return false;
        store.local?.derived?.set(nameOf(block), bytes);
      }
      return true;
    }),
  );
  if (added.every(Boolean)) return true;
  failures.set(originOf(store), Date.now());
  return false;
}

/** Returns the ranges of a chunk's bytes that have some blocks, and which of these each has. */
function rangesOf(blocks: readonly number[], extents: readonly Extent[]): (Extent & { blocks: number[] })[] {
  const ranges: { from: number; to: number; blocks: number[] }[] = [];
  for (const block of blocks.toSorted((a, b) => extents[a]!.from - extents[b]!.from)) {
    const { from, to } = extents[block]!;
    const last = ranges.at(-1);
    if (last && from - last.to <= MAX_GAP) {
      last.to = to;
      last.blocks.push(block);
    } else ranges.push({ from, to, blocks: [block] });
  }
  return ranges;
}
