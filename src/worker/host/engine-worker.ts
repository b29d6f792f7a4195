/** The script of a repo's worker; `worker.js` in dist/. */
import { wasmDecoderModule } from "../../codecs/wasm.ts";
import { Host } from "./host.ts";

// Every read decodes: the code arrives and compiles while the first listings are under way.
void wasmDecoderModule();

new Host(self);
