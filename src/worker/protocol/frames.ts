import { Frame } from "../../model/frame.ts";
import { packForTransfer, unpackColumn, type WireColumn } from "./columns.ts";

export type WireFrame = readonly { name: string; type: string; data: WireColumn }[];

/** Packs a frame whose buffers are transferred, and so detached here. They are added to `transfer`. */
export function packFrame(frame: Frame, transfer: ArrayBuffer[]): WireFrame {
  return frame.parts().map(({ name, type, data }) => ({ name, type, data: packForTransfer(data, transfer) }));
}

export function unpackFrame(frame: WireFrame): Frame {
  return new Frame(frame.map(({ name, type, data }) => ({ name, type, data: unpackColumn(data) })));
}
