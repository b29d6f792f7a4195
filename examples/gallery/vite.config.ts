import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { aliases } from "../../vite.aliases.ts";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The pages that need a bundler. A project of your own needs none of these settings. */
export default defineConfig({
  root: at("."),
  base: "./",
  resolve: { alias: aliases },
  worker: { format: "es" },
  build: {
    emptyOutDir: true,
    target: "es2022",
    rolldownOptions: { input: [at("react/index.html"), at("observable-plot/index.html")] },
  },
});
