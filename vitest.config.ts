import { defineConfig } from "vitest/config";
import { aliases } from "./vite.aliases.ts";

export default defineConfig({
  resolve: { alias: aliases },
  test: { include: ["test/**/*.test.ts", "wasm/test/**/*.test.ts"], reporters: ["default"] },
});
