import type { FrameInput } from "../../model/api.ts";
import { type ColumnData, isTypedColumn, type TypedColumn, transferables } from "../../model/column.ts";
import { Frame } from "../../model/frame.ts";
import { Strings } from "../../model/strings.ts";
import { packColumn } from "./input-frames.ts";

/** Text as it crosses threads: the two arrays of a {@link Strings}. */
export interface WireStrings {
  bytes: Uint8Array<ArrayBuffer>;
  offsets: Uint32Array<ArrayBuffer>;
}

export type WireColumn = TypedColumn | unknown[] | WireStrings;

export type WireFrame = readonly { name: string; type: string; data: WireColumn }[];

/** Rows to write. What is no array of numbers is cloned as it is. */
export type WireInput = Readonly<Record<string, ArrayLike<unknown> | WireStrings>>;

/** Something to post, and the buffers to hand over with it. */
export interface Packed<T> {
  data: T;
  transfer: ArrayBuffer[];
}

/** For the page: a frame that came from the worker. */
export function unpackFrame(frame: WireFrame): Frame {
  return new Frame(frame.map(({ name, type, data }) => ({ name, type, data: unpackColumn(data) })));
}

/** For the worker. The frame is lost: its buffers are handed over; they are added to `transfer`. */
export function packFrame(frame: Frame, transfer: ArrayBuffer[]): WireFrame {
  return frame.parts().map(({ name, type, data }) => ({ name, type, data: packOwn(data, transfer) }));
}

/** As {@link packFrame}, for one column. */
export function packOwn(column: ColumnData, transfer: ArrayBuffer[]): WireColumn {
  const own = trimmed(column);
  transfer.push(...transferables([own]));
  return packColumn(own);
}

export function unpackColumn(column: WireColumn): ColumnData {
  return isWireStrings(column) ? new Strings(column.bytes, column.offsets) : column;
}

/** For the worker: rows that came from the page. */
export function unpackInput(input: WireInput): FrameInput {
  const columns = Object.entries(input).map(
    ([name, column]) =>
      [name, isWireStrings(column) ? new Strings(column.bytes, column.offsets) : column] as const,
  );
  return Object.fromEntries(columns);
}

export function isWireStrings(column: object): column is WireStrings {
  return "offsets" in column;
}

/** The column in buffers of its own size: a view would take all that it is a view of along. */
function trimmed(column: ColumnData): ColumnData {
  if (column instanceof Strings) return new Strings(whole(column.bytes), whole(column.offsets));
  return isTypedColumn(column) ? whole(column) : column;
}

const whole = <T extends TypedColumn>(view: T): T =>
  view.byteLength === view.buffer.byteLength ? view : (view.slice() as T);
