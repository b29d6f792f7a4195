import type { Bound } from "../../model/api/options.ts";
import type { Series, WriteOptions } from "../../model/api/series.ts";
import type { Frame } from "../../model/frame.ts";
import { type Closed, keyAt } from "../../model/key.ts";
import type { Schema } from "../../model/schema.ts";

/**
 * Writes frames that follow each other as if they were one: they replace all from their first row to their last, also
 * what lies between two of them; or the range from `start` to `stop`. In a key-value collection each row replaces
 * its key, unless there is a range. Answers the number of rows.
 */
export async function writeFrames(
  series: Pick<Series, "write" | "delete">,
  schema: Schema,
  frames: AsyncIterable<Frame>,
  { start, stop, closed = "both", signal }: Omit<WriteOptions, "note"> = {},
): Promise<number> {
  const call = signal ? { signal } : {};
  const byKey = schema.kind === "kv" && start === undefined && stop === undefined;
  let rows = 0;
  /** The key of the last row that was written. */
  let last: Bound | undefined;
  /** The last frame, whose end is that of the range. */
  let held: Frame | undefined;
  const put = async (frame: Frame, isLast: boolean) => {
    const end = lastKey(schema, frame);
    const left = last === undefined && (start === undefined || closed === "both" || closed === "left");
    const right = !isLast || stop === undefined || closed === "both" || closed === "right";
    const from = last ?? start;
    const to = isLast ? (stop ?? end) : end;
    const range = { ...(from !== undefined && { start: from }), stop: to, closed: toClosed(left, right) };
    await series.write(frame, byKey ? call : { ...call, ...range });
    last = end;
  };
  for await (const frame of frames) {
    if (frame.length === 0) continue;
    rows += frame.length;
    if (held) await put(held, false);
    held = frame;
  }
  if (held) await put(held, true);
  // No row at all says nothing, unless a range is to be emptied.
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
