/** Calls that have several results. Loaded on demand. */

import type { Frame } from "../../model/frame.ts";
import type { unpackResult } from "../protocol/frames.ts";
import type { CallControls, Invocation, WireItem } from "../protocol/messages.ts";
import type { Connection } from "./connection.ts";

/** Implements {@link Series.pages}. @param unpack passed in because the page has loaded it already */
export async function* pages(
  connection: Connection,
  call: Invocation,
  controls: CallControls | undefined,
  unpack: typeof unpackResult,
): AsyncIterableIterator<Frame> {
  for await (const { result } of resultsOf(connection, call, controls)) yield unpack(result) as Frame;
}

/** Calls a method with {@link StaleOptions.onStale}. Returns its result, unpacked once if it is the one that is known. */
export async function callStale(
  connection: Connection,
  call: Invocation,
  controls: CallControls,
  unpack: typeof unpackResult,
): Promise<unknown> {
  let last: unknown;
  for await (const { result, isStale } of resultsOf(connection, call, controls)) {
    last = unpack(result);
    if (!isStale) break;
    controls.onStale?.(last);
  }
  return last;
}

/** Yields the results of a call that has several. */
async function* resultsOf(
  connection: Connection,
  call: Invocation,
  controls: CallControls = {},
): AsyncGenerator<WireItem> {
  const id = connection.nextId();
  try {
    await connection.call("openResults", { ...call, results: id }, controls);
    for (;;) {
      const item = await connection.call("nextResult", id, controls);
      if (!item) return;
      yield item;
    }
  } finally {
    connection.notify({ kind: "end", id });
  }
}
