import type { ReadOptions, Series } from "../model/api.ts";
import { sliceRows } from "../model/column-rows.ts";
import { parseDType } from "../model/dtype.ts";
import { Frame } from "../model/frame.ts";

/** Rows in memory at a time. */
const PAGE = 100_000;

export interface FrameOptions extends Omit<ReadOptions, "limit" | "offset" | "numbers" | "onProgress"> {
  /** Leave out so many rows first. */
  skip?: number | undefined;
  /** At most so many rows. */
  limit?: number | undefined;
  /** The last so many rows of the range. */
  tail?: number | undefined;
  pageLength?: number | undefined;
}

/** Rows of a series as they were at one moment, in pages, however many there are; at least one page, maybe empty. */
export async function* readFrames(series: Series, options: FrameOptions): AsyncGenerator<Frame> {
  const { tail, skip = 0, limit = Number.POSITIVE_INFINITY, pageLength = PAGE, ...range } = options;
  if (tail !== undefined && tail <= PAGE) {
    const frame = await series.tail(tail, range);
    yield* cut([frame], skip, limit);
  } else if (tail !== undefined) {
    const rows = await series.length(range);
    yield* cut(series.pages({ ...range, pageLength }), Math.max(0, rows - tail) + skip, limit);
  } else if (limit <= pageLength) {
    yield await series.read({ ...range, offset: skip, limit }); // finds its rows without reading those before
  } else {
    let any = false;
    for await (const frame of cut(series.pages({ ...range, pageLength }), skip, limit)) {
      any = true;
      yield frame;
    }
    if (!any) yield await series.read({ ...range, limit: 0 });
  }
}

/** Frames without the first `skip` rows, and no more than `limit` of the rest. */
async function* cut(
  frames: Iterable<Frame> | AsyncIterable<Frame>,
  skip: number,
  limit: number,
): AsyncGenerator<Frame> {
  let [from, left] = [skip, limit];
  for await (const frame of frames) {
    const start = Math.min(from, frame.length);
    const end = Math.min(frame.length, start + left);
    from -= start;
    left -= end - start;
    if (end > start || frame.length === 0) yield slice(frame, start, end);
    if (left === 0) return;
  }
}

function slice(frame: Frame, from: number, to: number): Frame {
  if (from === 0 && to === frame.length) return frame;
  return new Frame(
    frame
      .parts()
      .map(({ name, type, data }) => ({ name, type, data: sliceRows(data, parseDType(type), from, to) })),
  );
}
