import { defineConfig, devices } from "@playwright/test";
import { chromiumPath } from "./scripts/chromium.ts";
import { TEST_ORIGIN } from "./test/browser/origin.ts";

/** Tests of what only browsers have: workers, IndexedDB, CORS, animation frames. Vite serves pages from the sources. */
export default defineConfig({
  testDir: "test/browser",
  outputDir: "test-results",
  fullyParallel: false,
  workers: 2,
  timeout: 90_000, // the defaults of 30 s and 5 s are too short on a busy machine
  expect: { timeout: 20_000 },
  reporter: "list",
  use: {
    ...devices["Desktop Chrome"],
    baseURL: TEST_ORIGIN,
    launchOptions: {
      executablePath: chromiumPath(),
      args: [
        "--no-sandbox",
        "--disable-quic",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
      ],
    },
  },
  webServer: {
    command: "npx vite --mode test-pages",
    url: `${TEST_ORIGIN}/test/browser/pages/blank.html`,
    reuseExistingServer: false,
  },
});
