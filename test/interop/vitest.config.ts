import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { aliases } from "../../vite.aliases.ts";
import FramesReporter from "./reporter.ts";

/** `npm run test:interop`: this library and Python Lakota on the same repositories. */
export default defineConfig({
  root: import.meta.dirname,
  resolve: { alias: aliases },
  test: {
    include: ["**/*.test.ts"],
    reporters: ["default", "json", new FramesReporter()],
    outputFile: { json: fileURLToPath(new URL("../../.cache/reports/interop.json", import.meta.url)) },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
