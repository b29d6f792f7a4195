import { Frame } from "../../model/frame.ts";
import { unpackColumn, type WireColumn } from "./columns.ts";

export type WireFrame = readonly { name: string; type: string; data: WireColumn }[];

/** A result: a frame, or anything else as it is. */
export type WireResult = { frame: WireFrame } | { value: unknown };

export const unpackResult = (result: WireResult): unknown =>
  "frame" in result ? unpackFrame(result.frame) : result.value;

export function unpackFrame(frame: WireFrame): Frame {
  return new Frame(frame.map(({ name, type, data }) => ({ name, type, data: unpackColumn(data) })));
}
