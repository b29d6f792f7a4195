/** Entry of the engine's worker; `worker.js` in dist/. */
import { wasmDecoderModule } from "../../codecs/wasm.ts";
import { Host } from "./host.ts";

// Every read decodes: load and compile the code during the first listings.
void wasmDecoderModule();

new Host(self);
