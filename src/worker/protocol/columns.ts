import { type ColumnData, isTypedColumn, type TypedColumn, transferables } from "../../model/column.ts";
import { Strings } from "../../model/strings.ts";

/** A {@link Strings} as it is sent: structured cloning would drop its prototype. */
export interface WireStrings {
  bytes: Uint8Array<ArrayBuffer>;
  offsets: Uint32Array<ArrayBuffer>;
}

export type WireColumn = TypedColumn | unknown[] | WireStrings;

/** Replaces {@link Strings} by its two arrays. Everything else is sent as it is. */
export function packColumn<Column>(column: Column | Strings): Column | WireStrings {
  return column instanceof Strings ? { bytes: column.bytes, offsets: column.offsets } : column;
}

export function unpackColumn<Column extends object>(column: Column | WireStrings): Column | Strings {
  return isWireStrings(column) ? new Strings(column.bytes, column.offsets) : column;
}

/** Packs a column whose buffers are transferred, and so detached here. They are added to `transfer`. */
export function packForTransfer(column: ColumnData, transfer: ArrayBuffer[]): WireColumn {
  const compact = compacted(column);
  transfer.push(...transferables([compact]));
  return packColumn(compact);
}

const isWireStrings = (column: object): column is WireStrings => "offsets" in column;

/** The column in buffers of its own size: transferring a view would transfer the whole buffer behind it. */
function compacted(column: ColumnData): ColumnData {
  if (column instanceof Strings) return new Strings(compactView(column.bytes), compactView(column.offsets));
  return isTypedColumn(column) ? compactView(column) : column;
}

const compactView = <View extends TypedColumn>(view: View): View =>
  view.byteLength === view.buffer.byteLength ? view : (view.slice() as View);
