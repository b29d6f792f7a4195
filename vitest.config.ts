import { defineConfig } from "vitest/config";
import { aliases } from "./vite.aliases.ts";

export default defineConfig({
  resolve: { alias: aliases },
  test: {
    include: ["test/**/*.test.ts", "wasm/test/**/*.test.ts"],
    // These need Python and Ceph, and have commands of their own.
    exclude: ["**/node_modules/**", "test/interop/**", "test/radosgw/**"],
    reporters: ["default"],
  },
});
