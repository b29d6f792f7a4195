/** What a worker sends. The page only unpacks, so this is no code of its. */

import type { ColumnData, TypedColumn } from "../../model/column.ts";
import { Frame } from "../../model/frame.ts";
import { Strings } from "../../model/strings.ts";
import { isTypedColumn, transferables } from "../../model/typed-column.ts";
import type { WireColumn } from "./columns.ts";
import type { WireFrame, WireResult } from "./frames.ts";
import { packColumn } from "./pack-column.ts";

export function packResult(result: unknown, transfer: ArrayBuffer[]): WireResult {
  if (result instanceof Frame) return { frame: packFrame(result, transfer) };
  if (!(result instanceof Map)) return { value: result };
  const frames: [label: string, frame: Frame][] = [...result].filter(([, each]) => each instanceof Frame);
  if (frames.length < result.size) return { value: result };
  return { frames: frames.map(([label, frame]) => [label, packFrame(frame, transfer)]) };
}

/** Packs a frame whose buffers are transferred, and so detached here. They are added to `transfer`. */
export function packFrame(frame: Frame, transfer: ArrayBuffer[]): WireFrame {
  return frame.parts().map(({ name, type, data }) => ({ name, type, data: packForTransfer(data, transfer) }));
}

/** Packs a column whose buffers are transferred, and so detached here. They are added to `transfer`. */
export function packForTransfer(column: ColumnData, transfer: ArrayBuffer[]): WireColumn {
  const compact = compacted(column);
  transfer.push(...transferables([compact]));
  return packColumn(compact);
}

/** The column in buffers of its own size: transferring a view would transfer the whole buffer behind it. */
function compacted(column: ColumnData): ColumnData {
  if (column instanceof Strings) return new Strings(compactView(column.bytes), compactView(column.offsets));
  return isTypedColumn(column) ? compactView(column) : column;
}

const compactView = <View extends TypedColumn>(view: View): View =>
  view.byteLength === view.buffer.byteLength ? view : (view.slice() as View);
