import type { BatchSeries, Bound, WriteOptions } from "../model/api.ts";
import type { Frame } from "../model/frame.ts";
import { type Closed, keyAt } from "../model/key.ts";
import type { Schema } from "../model/schema.ts";

/**
 * Writes frames that follow each other as one frame would be written: what lies between two of them is replaced too. Answers
 * the number of rows.
 *
 * @param range what the rows replace together. Default: from the first one to the last
 */
export async function writeFrames(
  series: BatchSeries,
  schema: Schema,
  frames: AsyncIterable<Frame>,
  range: Pick<WriteOptions, "start" | "stop" | "closed" | "signal">,
): Promise<number> {
  const { start, stop, closed = "both", signal } = range;
  const isWhole = start === undefined && stop === undefined;
  let rows = 0;
  let held: Frame | undefined;
  let after: Bound | undefined;
  const put = async (frame: Frame, isLast: boolean) => {
    rows += frame.length;
    const own = isLast ? stop : lastKey(schema, frame);
    const left = after === undefined ? start === undefined || hasLeft(closed) : false;
    const right = isLast && stop !== undefined ? hasRight(closed) : true;
    const from = after ?? start;
    await series.write(frame, {
      ...(from !== undefined && { start: from }),
      ...(own !== undefined && { stop: own }),
      closed: CLOSED[`${left} ${right}`]!,
      ...(signal && { signal }),
    });
    after = lastKey(schema, frame);
  };
  for await (const frame of frames) {
    if (schema.kind === "kv" && isWhole) {
      await series.write(frame, signal ? { signal } : {}); // each row replaces its key, and no more
      rows += frame.length;
      continue;
    }
    if (frame.length === 0) continue;
    if (held) await put(held, false);
    held = frame;
  }
  if (held) await put(held, true);
  // No row at all says nothing, unless a range is to be emptied.
  else if (start !== undefined && stop !== undefined && rows === 0)
    await series.delete({ start, stop, closed, ...(signal && { signal }) });
  return rows;
}

const CLOSED: Readonly<Record<string, Closed>> = {
  "true true": "both",
  "true false": "left",
  "false true": "right",
  "false false": "none",
};
const hasLeft = (closed: Closed) => closed === "both" || closed === "left";
const hasRight = (closed: Closed) => closed === "both" || closed === "right";

function lastKey(schema: Schema, frame: Frame): Bound | undefined {
  if (frame.length === 0) return undefined;
  const parts = frame.parts();
  const index = schema.index.map(({ name }) => parts.find((part) => part.name === name)!.data);
  return keyAt(index, frame.length - 1);
}

/** Numbers in memory at a time, more or less: 32 MiB. */
const PAGE_CELLS = 4 << 20;
/** Rows of the longest segment, and of pages of files whose width is not known yet. */
const MOST_ROWS = 524_288;
const UNKNOWN_WIDTH = 131_072;

/** How many rows to take at a time: long segments, little memory. */
export function pageLengthOf(schema: Schema | undefined): number {
  if (!schema) return UNKNOWN_WIDTH;
  return Math.max(1, Math.min(MOST_ROWS, Math.floor(PAGE_CELLS / schema.columns.length)));
}
