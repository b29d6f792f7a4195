import { fileURLToPath } from "node:url";
import { build } from "vite";

/** Builds the page of demo/ into dist/explorer, which `lakota serve` shows, with the licences of what is in it. */
const root = fileURLToPath(new URL("..", import.meta.url));
await build({
  configFile: `${root}demo/vite.config.ts`,
  build: { outDir: `${root}dist/explorer`, license: { fileName: "THIRD-PARTY-LICENSES.md" } },
  logLevel: "warn",
});
