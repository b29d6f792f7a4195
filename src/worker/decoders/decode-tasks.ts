import { type DecodeTask, decodeChunk } from "../../codecs/chunk.ts";
import { wasmDecoder } from "../../codecs/wasm.ts";
import { packForTransfer } from "../protocol/columns.ts";
import { packError } from "../protocol/errors.ts";
import type { Port } from "../protocol/port.ts";
import type { DecodedMessage, DecodeMessage } from "./messages.ts";

type DecoderPort = Port<DecodeMessage, DecodedMessage>;

/** Decodes the chunks that arrive at a port. */
export function decodeTasks(port: DecoderPort): void {
  port.addEventListener("message", ({ data }) => {
    if (data.kind === "task") {
      void decode(port, data.id, data.task);
      return;
    }
    // Ready even without WebAssembly: each task then reports why it failed.
    const ready = () => port.postMessage({ kind: "ready" }, { transfer: [] });
    wasmDecoder(data.module).then(ready, ready);
  });
}

async function decode(port: DecoderPort, id: number, task: DecodeTask): Promise<void> {
  const transfer: ArrayBuffer[] = [];
  try {
    const { column, verdict } = await decodeChunk(task);
    port.postMessage(
      { kind: "chunk", id, chunk: { column: packForTransfer(column, transfer), verdict } },
      { transfer },
    );
  } catch (error) {
    port.postMessage({ kind: "error", id, error: packError(error) }, { transfer: [] });
  }
}
