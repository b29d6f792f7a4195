import { type Encoder, loadEncoder } from "numcodecs-wasm/encoder";
import { cannotLoad } from "./wasm.ts";

/** The encoder, fetched on the first write: readers never load it. @throws `unsupported`, `network` */
export const wasmEncoder = (): Promise<Encoder> => loadEncoder().catch(cannotLoad);
