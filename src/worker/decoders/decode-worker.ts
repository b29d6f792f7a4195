/** Entry of the workers that decode chunks; `decoder.js` in dist/. Nothing may import it, as engine-worker.ts explains. */

import { type DecodeTask, decodeChunk } from "../../codecs/chunk.ts";
import { wasmDecoder } from "../../codecs/wasm.ts";
import { free } from "../../model/bytes.ts";
import { packForTransfer } from "../protocol/pack.ts";
import { packError } from "../protocol/pack-error.ts";
import type { Port } from "../protocol/port.ts";
import type { DecodedMessage, DecodeMessage } from "./messages.ts";

const port: Port<DecodeMessage, DecodedMessage> = self;

port.addEventListener("message", ({ data }) => {
  if (data.kind === "task") {
    void decode(data.id, data.task);
    return;
  }
  // Ready even without WebAssembly: each task then reports why it failed.
  const ready = () => port.postMessage({ kind: "ready" }, { transfer: [] });
  wasmDecoder(data.module).then(ready, ready);
});

async function decode(id: number, task: DecodeTask): Promise<void> {
  const transfer: ArrayBuffer[] = [];
  try {
    const { column, verdict } = await decodeChunk(task);
    const chunk = { column: packForTransfer(column, transfer), verdict };
    port.postMessage({ kind: "chunk", id, chunk }, { transfer });
  } catch (error) {
    port.postMessage({ kind: "error", id, error: packError(error) }, { transfer: [] });
  }
  free(task.bytes.buffer);
}
