import type { Batch } from "../../model/api/collection.ts";
import type { Change, RangeChange, WatchOptions } from "../../model/api/history.ts";
import type { DryRunOptions } from "../../model/api/options.ts";
import type { CloneOptions } from "../../model/api/repo.ts";
import type { FrameInput } from "../../model/api/series.ts";
import { LakotaError } from "../../model/errors.ts";
import type { Frame } from "../../model/frame.ts";
import { WATCH_EVERY, watchLoop } from "../../model/watch.ts";
import type { unpackFrame } from "../protocol/frames.ts";
import { packInput } from "../protocol/input-frames.ts";
import type { CallControls, Calls } from "../protocol/messages.ts";
import type { Connection } from "./connection.ts";
import type { RemoteObject } from "./remote-object.ts";

/** Calls a method that takes a frame. */
export async function send(
  remote: Pick<RemoteObject<"series">, "do">,
  method: "write" | "update",
  input: FrameInput,
  options?: CallControls,
): Promise<void> {
  const { data: frame, transfer } = packInput(input);
  return remote.do(method, [{ frame }], options, transfer);
}

/** What {@link Repo.clone} does, the clone not opened yet. */
export function clone(
  link: Connection,
  label: string,
  to: string,
  { schema, signal, ...options }: CloneOptions & DryRunOptions = {},
): Promise<Calls["clone"]["result"]> {
  return link.call("clone", { label, to, options, schema: schema?.dump() }, { signal });
}

/** What {@link Collection.diff} does. @param unpack as the page has it already */
export async function diff(
  link: Connection,
  args: Calls["diff"]["args"],
  hearing: CallControls,
  unpack: typeof unpackFrame,
): Promise<RangeChange[]> {
  const changes = await link.call("diff", args, hearing);
  return changes.map(({ rows, ...change }) => ({
    ...change,
    ...(rows && { rows: { removed: unpack(rows.removed), added: unpack(rows.added) } }),
  }));
}

/** What {@link Series.pages} does. */
export async function* pages(
  link: Connection,
  args: Omit<Calls["openPages"]["args"], "pages">,
  hearing: CallControls,
  unpack: typeof unpackFrame,
): AsyncIterableIterator<Frame> {
  const pages = link.id();
  try {
    await link.call("openPages", { ...args, pages }, hearing);
    for (;;) {
      const page = await link.call("nextPage", pages, hearing);
      if (!page) return;
      yield unpack(page);
    }
  } finally {
    link.tell({ kind: "endPages", pages });
  }
}

/** What {@link Collection.watch} does, for one series or for all, until `ending` fires. */
export function watch(
  collection: RemoteObject<"collection">,
  listener: (change: Change) => void,
  options: WatchOptions,
  label: string | undefined,
  ending: AbortSignal,
): void {
  const how = { every: options.every ?? WATCH_EVERY, label };
  const signal = options.signal ? AbortSignal.any([options.signal, ending]) : ending;
  watchLoop((since, signal) => collection.do("nextChange", [since], { ...how, signal }), listener, {
    ...options,
    signal,
  });
}

/** Makes the handles of a batch. Passed in, so that what the page loads at once stays in one piece. */
interface Handles {
  batch(batch: number): RemoteObject<"batch">;
  series(batch: number, label: string): RemoteObject<"batchSeries">;
}

/** What {@link Collection.batch} does. */
export async function batch<T>(
  link: Connection,
  begin: (batch: number) => Promise<void>,
  work: (batch: Batch) => Promise<T>,
  handles: Handles,
  signal: AbortSignal | undefined,
): Promise<T> {
  const id = link.id();
  const own = handles.batch(id);
  let open = true;
  const during = async (change: () => Promise<void>) => {
    if (open) return change();
    throw new LakotaError("closed", "This batch has ended. Write inside of it, and await each write.");
  };
  await begin(id);
  try {
    const result = await work({
      series(label) {
        const series = handles.series(id, label);
        return {
          write: (frame, options) => during(() => send(series, "write", frame, options)),
          update: (frame, options) => during(() => send(series, "update", frame, options)),
          delete: (options) => during(() => series.do("delete", [], options)),
        };
      },
      drop: (labels) => during(() => own.do("drop", [labels])),
      rename: (label, to) => during(() => own.do("rename", [label, to])),
    });
    open = false;
    await link.call("commitBatch", id, { signal });
    return result;
  } catch (error) {
    link.tell({ kind: "abortBatch", batch: id });
    throw error;
  } finally {
    open = false;
  }
}
