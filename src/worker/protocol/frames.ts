import { Frame } from "../../model/frame.ts";
import { unpackColumn, type WireColumn } from "./columns.ts";

export type WireFrame = readonly { name: string; type: string; data: WireColumn }[];

/** A result: a frame, frames by label, or anything else as it is. */
export type WireResult =
  | { frame: WireFrame }
  | { frames: (readonly [label: string, frame: WireFrame])[] }
  | { value: unknown };

export function unpackResult(result: WireResult): unknown {
  if ("frames" in result) return new Map(result.frames.map(([label, frame]) => [label, unpackFrame(frame)]));
  return "frame" in result ? unpackFrame(result.frame) : result.value;
}

export function unpackFrame(frame: WireFrame): Frame {
  return new Frame(frame.map(({ name, type, data }) => ({ name, type, data: unpackColumn(data) })));
}
