import type { ReadOptions } from "../../model/api/read.ts";
import type { Series } from "../../model/api/series.ts";
import type { Frame } from "../../model/frame.ts";
import type { Schema } from "../../model/schema.ts";

/** Default number of rows in memory at a time. */
const PAGE_LENGTH = 100_000;

export interface FrameOptions
  extends Omit<ReadOptions, "limit" | "offset" | "numbers" | "onProgress" | "onStale"> {
  /** Number of rows to leave out first. */
  skip?: number | undefined;
  /** Maximum number of rows. */
  limit?: number | undefined;
  /** Only this many rows at the end of the range. */
  tail?: number | undefined;
  pageLength?: number | undefined;
}

/** Yields the rows of one state of a series in pages: at least one, which may be empty. */
export async function* readFrames(series: Series, options: FrameOptions): AsyncGenerator<Frame> {
  const { tail, skip = 0, limit = Number.POSITIVE_INFINITY, pageLength = PAGE_LENGTH, ...range } = options;
  const pages = () => series.pages({ ...range, pageLength });
  let isEmpty = true;
  for await (const frame of rows()) {
    isEmpty = false;
    yield frame;
  }
  if (isEmpty) yield await series.read({ ...range, limit: 0 });

  async function* rows() {
    // How many rows match a condition is known only after reading them.
    if (tail !== undefined && (tail <= PAGE_LENGTH || range.where !== undefined))
      yield* slicePages([await series.tail(tail, range)], skip, limit);
    else if (tail !== undefined) {
      const before = Math.max(0, (await series.length(range)) - tail);
      yield* slicePages(pages(), before + skip, limit);
    } else if (limit > pageLength) yield* slicePages(pages(), skip, limit);
    else yield await series.read({ ...range, offset: skip, limit }); // skips rows without reading them
  }
}

/** Tells whether a COLUMN argument is an expression rather than a name. A plain word is a name, if a wrong one. */
export const isExpression = (schema: Schema, column: string): boolean =>
  !schema.columns.some(({ name }) => name === column) && !/^[\p{L}\p{N}_.]*$/u.test(column);

/** Yields the result of {@link Series.reduce}. A column is named after its expression, or by `as`. */
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
  yield frame.slice(skip, skip + limit);
}

/** Yields frames without the first `skip` rows, and at most `limit` of the remaining rows. */
async function* slicePages(
  frames: Iterable<Frame> | AsyncIterable<Frame>,
  skip: number,
  limit: number,
): AsyncGenerator<Frame> {
  let [toSkip, remaining] = [skip, limit];
  for await (const frame of frames) {
    const start = Math.min(toSkip, frame.length);
    const end = Math.min(frame.length, start + remaining);
    toSkip -= start;
    remaining -= end - start;
    if (end > start) yield frame.slice(start, end);
    if (remaining === 0) return;
  }
}
