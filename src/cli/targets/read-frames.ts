import type { ReadOptions } from "../../model/api/read.ts";
import type { Series } from "../../model/api/series.ts";
import { sliceRows } from "../../model/column-rows.ts";
import { parseDType } from "../../model/dtype.ts";
import { Frame } from "../../model/frame.ts";

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
  const pages = () => series.pages({ ...range, pageLength });
  let any = false;
  for await (const frame of rows()) {
    any = true;
    yield frame;
  }
  if (!any) yield await series.read({ ...range, limit: 0 });

  async function* rows() {
    // How many rows pass a condition is known only once they were read.
    if (tail !== undefined && (tail <= PAGE || range.where !== undefined))
      yield* cut([await series.tail(tail, range)], skip, limit);
    else if (tail !== undefined) {
      const before = Math.max(0, (await series.length(range)) - tail);
      yield* cut(pages(), before + skip, limit);
    } else if (limit > pageLength) yield* cut(pages(), skip, limit);
    else yield await series.read({ ...range, offset: skip, limit }); // finds them without reading those before
  }
}

/** Whether a column is to be computed, and not just read. */
export const isExpression = (column: string): boolean => column.trimStart().startsWith("(");

/** What expressions make of the rows: see {@link Series.reduce}. A column is called as it is written, or as `(as … "name")` says. */
export async function* reduceFrames(
  series: Series,
  {
    columns,
    skip = 0,
    limit = Number.POSITIVE_INFINITY,
    ...range
  }: Omit<FrameOptions, "tail" | "pageLength"> & { columns: readonly string[] },
): AsyncGenerator<Frame> {
  const named = Object.fromEntries(columns.map((column) => [column, column]));
  const frame = await series.reduce({ ...range, columns: named });
  yield slice(frame, Math.min(skip, frame.length), Math.min(frame.length, skip + limit));
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
    if (end > start) yield slice(frame, start, end);
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
