import { wasmDecoderModule } from "../../codecs/wasm.ts";
import type { FromWorker, ToWorker } from "../protocol/messages.ts";
import type { Port } from "../protocol/port.ts";
import { Host } from "./host.ts";

/** Runs the engine for the client at the other end of a port. */
export function runEngine(port: Port<ToWorker, FromWorker>): void {
  // Every read decodes: load and compile the code during the first listings.
  void wasmDecoderModule();
  new Host(port);
}
