import type { Bound, CallOptions, Series } from "../model/api.ts";
import type { Frame } from "../model/frame.ts";
import { keyAt } from "../model/key.ts";
import type { Schema } from "../model/schema.ts";

/**
 * Writes frames that follow each other as if they were one: they replace all from their first row to their last, also
 * what lies between two of them. In a key-value collection each row replaces its key. Answers the number of rows.
 */
export async function writeFrames(
  series: Pick<Series, "write">,
  schema: Schema,
  frames: AsyncIterable<Frame>,
  { signal }: CallOptions = {},
): Promise<number> {
  const call = signal ? { signal } : {};
  let rows = 0;
  let last: Bound | undefined;
  for await (const frame of frames) {
    if (frame.length === 0) continue;
    const stop = lastKey(schema, frame);
    const follows = last !== undefined && schema.kind !== "kv";
    await series.write(frame, follows ? { ...call, start: last!, stop, closed: "right" } : call);
    last = stop;
    rows += frame.length;
  }
  return rows;
}

function lastKey(schema: Schema, frame: Frame): Bound {
  const parts = frame.parts();
  const index = schema.index.map(({ name }) => parts.find((part) => part.name === name)!.data);
  return keyAt(index, frame.length - 1);
}
