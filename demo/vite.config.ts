import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { aliases } from "../vite.aliases.ts";

/**
 * The demo page, from the library's sources. `npm start` builds it and says, as `__DEMO__`, where its S3 server is;
 * `npx vite --config demo/vite.config.ts` serves it alone, and it asks for a connection.
 */
export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  base: "./",
  resolve: { alias: aliases },
  define: { __DEMO__: "undefined" },
  worker: { format: "es" },
  build: { emptyOutDir: true, target: "es2022" },
  clearScreen: false,
});
