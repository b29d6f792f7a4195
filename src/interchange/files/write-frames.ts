import type { BatchSeries } from "../../model/api/collection.ts";
import type { Bound } from "../../model/api/options.ts";
import type { Series, WriteOptions } from "../../model/api/series.ts";
import type { Frame } from "../../model/frame.ts";
import { type Closed, keyAt } from "../../model/key.ts";
import type { Schema } from "../../model/schema.ts";

/**
 * Writes consecutive frames as if they were one: they replace the range from their first to their last row,
 * including what is between two frames, or the range from `start` to `stop`. In a key-value collection each
 * row replaces its key, unless a range is set. Returns the number of rows.
 */
export async function writeFrames(
  series: Pick<Series | BatchSeries, "write" | "delete">,
  schema: Schema,
  frames: AsyncIterable<Frame>,
  { start, stop, closed = "both", signal }: Omit<WriteOptions, "note"> = {},
): Promise<number> {
  const call = signal ? { signal } : {};
  const replacesKeys = schema.kind === "kv" && start === undefined && stop === undefined;
  let rows = 0;
  /** The key of the last row written so far. */
  let lastWritten: Bound | undefined;
  /** The last frame extends to the end of the range, so each frame is written when the next one is known. */
  let pending: Frame | undefined;
  const put = async (frame: Frame, isLast: boolean) => {
    const end = lastKey(schema, frame);
    const left = lastWritten === undefined && (start === undefined || closed === "both" || closed === "left");
    const right = !isLast || stop === undefined || closed === "both" || closed === "right";
    const from = lastWritten ?? start;
    const to = isLast ? (stop ?? end) : end;
    const range = { ...(from !== undefined && { start: from }), stop: to, closed: toClosed(left, right) };
    await series.write(frame, replacesKeys ? call : { ...call, ...range });
    lastWritten = end;
  };
  for await (const frame of frames) {
    if (frame.length === 0) continue;
    rows += frame.length;
    if (pending) await put(pending, false);
    pending = frame;
  }
  if (pending) await put(pending, true);
  // Without any row there is nothing to replace, unless a range was set: it is emptied.
  else if (start !== undefined && stop !== undefined) await series.delete({ ...call, start, stop, closed });
  return rows;
}

function toClosed(left: boolean, right: boolean): Closed {
  if (left) return right ? "both" : "left";
  return right ? "right" : "none";
}

function lastKey(schema: Schema, frame: Frame): Bound {
  const parts = frame.parts();
  const index = schema.index.map(({ name }) => parts.find((part) => part.name === name)!.data);
  return keyAt(index, frame.length - 1);
}
