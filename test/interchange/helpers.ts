import type { RowSource } from "../../src/interchange.ts";
import { concatRows } from "../../src/model/column-rows.ts";
import { Frame } from "../../src/model/frame.ts";

/** What `promise` fails with. */
export async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("it did not fail");
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

export async function bytesOf(pieces: AsyncIterable<Uint8Array<ArrayBuffer>>): Promise<Uint8Array> {
  return new Uint8Array(await new Blob(await collect(pieces)).arrayBuffer());
}

/** All rows of a source as one frame. */
export async function readAll(source: RowSource): Promise<Frame> {
  const frames = await collect(source.frames());
  const parts = source.schema.columns.map(({ name, dtype }, i) => ({
    name,
    type: dtype.name,
    data: concatRows(
      frames.map((frame) => frame.parts()[i]!.data),
      dtype,
    ),
  }));
  return new Frame(parts);
}
