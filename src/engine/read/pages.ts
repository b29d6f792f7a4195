import { lazy } from "../../async/lazy.ts";
import type { PageOptions } from "../../model/api/read.ts";
import { LakotaError } from "../../model/errors.ts";
import type { Frame } from "../../model/frame.ts";
import { explainNoMemory } from "../../model/no-memory.ts";
import type { Schema } from "../../model/schema.ts";
import { planRead } from "./plan.ts";
import { checkRowCount } from "./range.ts";
import { executeRead, type ReadResult } from "./read.ts";
import type { ReadContext, SeriesRange } from "./read-context.ts";

const queries = lazy(() => import("./queries.ts"));

/** Default of the option `pageLength`, in rows. */
const DEFAULT_PAGE_LENGTH = 100_000;

/** Runs work on the current state of a series, with a signal that fires when its result is not wanted. */
type Reading = <T>(work: (input: SeriesRange, signal: AbortSignal) => Promise<T>) => Promise<T>;

/**
 * Yields the rows of a range in frames of `pageLength` rows; the last frame may be shorter. All are of the state that the
 * first one was read from.
 *
 * @throws `invalid-argument` for options that are none; otherwise as {@link executeRead}
 */
export async function* readPages(
  schema: Schema,
  options: PageOptions,
  reading: Reading,
): AsyncGenerator<Frame, undefined> {
  const { first, rest } = await reading(async (input, signal) => {
    const rest = explainedPages(schema, input, options);
    signal.addEventListener("abort", () => void rest.return(undefined), { once: true });
    return { first: await rest.next(), rest };
  });
  if (first.done) return;
  try {
    yield first.value;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}

async function* explainedPages(
  schema: Schema,
  input: SeriesRange,
  options: PageOptions,
): AsyncGenerator<Frame, undefined> {
  try {
    yield* pagesOf(schema, input, options);
  } catch (error) {
    throw explainNoMemory(error);
  }
}

async function* pagesOf(
  schema: Schema,
  input: SeriesRange,
  options: PageOptions,
): AsyncGenerator<Frame, undefined> {
  const pageLength = checkRowCount("pageLength", options.pageLength, DEFAULT_PAGE_LENGTH);
  if (pageLength === 0) throw new LakotaError("invalid-argument", "pageLength must be at least 1.");
  if (options.where !== undefined) {
    const { FilteredRead } = await queries();
    return yield* new FilteredRead(schema, options).pages(input, pageLength);
  }
  let context: ReadContext = { ...input.context, numbers: options.numbers };
  // The segments left to read. They are clipped to the range already, so each page's plan has exactly these.
  let segments = planRead(input.segments, schema, input.range).rounds.flat();
  let offset = 0;
  for (;;) {
    const take = { fromEnd: false, offset, rows: pageLength };
    const plan = planRead(segments, schema, input.range, options.columns, take);
    const { frame, visible } = await executeRead(plan, context);
    if (frame.length === 0) return undefined;
    yield frame;
    // Parts show the first page sooner. A caller that continues needs the rest of the chunks.
    context = { ...context, cachedPartsOnly: true };
    const used = consumed(visible, offset + pageLength);
    segments = segments.slice(used.segments);
    offset = used.rows;
  }
}

/**
 * Returns how many whole segments the first `rows` visible rows span, and how many rows of the next
 * segment.
 */
function consumed(visible: ReadResult["visible"], rows: number): { segments: number; rows: number } {
  let segments = 0;
  for (const { from, to } of visible) {
    if (rows < to - from) break;
    rows -= to - from;
    segments++;
  }
  return { segments, rows: segments < visible.length ? rows : 0 };
}
