import { Table, tableToIPC } from "apache-arrow";
import type { Frame } from "lakota";
import { toArrow } from "lakota/arrow";

/** Returns frames as a file of Apache Arrow, each as a record batch. */
export async function encodeArrow(frames: AsyncIterable<Frame>): Promise<Uint8Array<ArrayBuffer>[]> {
  const tables: Table[] = [];
  for await (const frame of frames) tables.push(toArrow(frame));
  const all = new Table(tables.flatMap(({ batches }) => batches));
  return [new Uint8Array(tableToIPC(all, "file"))];
}
