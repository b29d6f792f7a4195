/**
 * Entry of the engine's worker; `worker.js` in dist/. Nothing may import it: WebKit would evaluate it a second time. The
 * build sees to it that chunks which load later do not (scripts/self-contained-entries.ts).
 */

import { wasmDecoderModule } from "../../codecs/wasm.ts";
import { Host } from "./host.ts";

// Every read decodes: load and compile the code during the first listings.
void wasmDecoderModule();
new Host(self);
