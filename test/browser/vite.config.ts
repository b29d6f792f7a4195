import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { aliases } from "../../vite.aliases.ts";
import { TEST_PORT } from "./origin.ts";

/** Serves the sources to the browser tests, as they are, from the project's root. */
export default defineConfig({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  resolve: { alias: aliases },
  server: { host: "127.0.0.1", port: TEST_PORT, strictPort: true, hmr: false },
  optimizeDeps: { entries: ["test/browser/pages/*.html"] },
  clearScreen: false,
});
