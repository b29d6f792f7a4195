import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { aliases } from "../../vite.aliases.ts";

/** `npm run test:radosgw`: what any S3 must do, on Ceph's. */
export default defineConfig({
  root: import.meta.dirname,
  resolve: { alias: aliases },
  test: {
    include: ["**/*.test.ts"],
    globalSetup: "./setup.ts",
    reporters: ["default", "json"],
    outputFile: { json: fileURLToPath(new URL("../../.cache/reports/radosgw.json", import.meta.url)) },
  },
});
