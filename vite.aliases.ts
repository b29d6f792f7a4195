import { fileURLToPath } from "node:url";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Package names that mean our own sources, for every tool that runs from the checkout. Longest first. */
export const aliases = [
  { find: /^lakota\/engine$/, replacement: at("src/engine.ts") },
  { find: /^lakota\/arrow$/, replacement: at("src/arrow.ts") },
  { find: /^lakota\/interchange\/node$/, replacement: at("src/interchange-node.ts") },
  { find: /^lakota\/interchange$/, replacement: at("src/interchange.ts") },
  { find: /^lakota\/node$/, replacement: at("src/node.ts") },
  { find: /^lakota\/query$/, replacement: at("src/query.ts") },
  { find: /^lakota$/, replacement: at("src/index.ts") },
  { find: /^numcodecs-wasm\/decoder$/, replacement: at("wasm/src/decoder.ts") },
  { find: /^numcodecs-wasm\/encoder$/, replacement: at("wasm/src/encoder.ts") },
  { find: /^numcodecs-wasm$/, replacement: at("wasm/src/index.ts") },
  // Worker scripts, by the names that the sources give them: those of dist/ (see rolldown.config.ts).
  { find: /^.*\/src\/worker\/client\/worker\.js(?=$|\?)/, replacement: at("src/worker/host/engine-worker.ts") },
  { find: /^.*\/src\/worker\/decoders\/decoder\.js(?=$|\?)/, replacement: at("src/worker/decoders/decode-worker.ts") },
];
