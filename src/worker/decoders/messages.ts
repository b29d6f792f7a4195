import type { DecodedChunk, DecodeTask } from "../../codecs/chunk.ts";
import type { WireError } from "../protocol/errors.ts";
import type { WireColumn } from "../protocol/frames.ts";

/** To a decoder. */
export type DecodeMessage =
  /** Comes first. With the code that the engine's worker has compiled already. */
  { kind: "start"; module: WebAssembly.Module | undefined } | { kind: "task"; id: number; task: DecodeTask };

/** From a decoder. */
export type DecodedMessage =
  | { kind: "ready" }
  | { kind: "chunk"; id: number; chunk: Omit<DecodedChunk, "column"> & { column: WireColumn } }
  | { kind: "error"; id: number; error: WireError };
