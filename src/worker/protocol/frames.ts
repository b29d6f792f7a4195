import { Frame } from "../../model/frame.ts";
import { packForTransfer, unpackColumn, type WireColumn } from "./columns.ts";

export type WireFrame = readonly { name: string; type: string; data: WireColumn }[];

/** Packs a frame whose buffers are transferred, and so detached here. They are added to `transfer`. */
export function packFrame(frame: Frame, transfer: ArrayBuffer[]): WireFrame {
  return frame.parts().map(({ name, type, data }) => ({ name, type, data: packForTransfer(data, transfer) }));
}

/** A result: a frame, or anything else as it is. */
export type WireResult = { frame: WireFrame } | { value: unknown };

export const packResult = (result: unknown, transfer: ArrayBuffer[]): WireResult =>
  result instanceof Frame ? { frame: packFrame(result, transfer) } : { value: result };

export const unpackResult = (result: WireResult): unknown =>
  "frame" in result ? unpackFrame(result.frame) : result.value;

export function unpackFrame(frame: WireFrame): Frame {
  return new Frame(frame.map(({ name, type, data }) => ({ name, type, data: unpackColumn(data) })));
}
