import type { DecodedChunk, DecodeTask } from "../../codecs/chunk.ts";
import type { WireColumn } from "../protocol/columns.ts";
import type { WireError } from "../protocol/errors.ts";

/** From the engine's worker to a decoder. */
export type DecodeMessage =
  /** The first message. `module`: as compiled by the engine's worker. */
  { kind: "start"; module: WebAssembly.Module | undefined } | { kind: "task"; id: number; task: DecodeTask };

/** From a decoder to the engine's worker. */
export type DecodedMessage =
  | { kind: "ready" }
  | { kind: "chunk"; id: number; chunk: Omit<DecodedChunk, "column"> & { column: WireColumn } }
  | { kind: "error"; id: number; error: WireError };
