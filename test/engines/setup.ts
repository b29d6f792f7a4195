import { fileURLToPath } from "node:url";
import { createServer } from "vite";
import type { TestProject } from "vitest/node";
import { freePort } from "../browsers/servers.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** Origin of the pages in test/browser/pages/. */
    pages: string;
  }
}

/** Serves the pages of the browser tests, as `vite --mode test-pages` does, while the tests run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await createServer({
    configFile: fileURLToPath(new URL("../../vite.config.ts", import.meta.url)),
    mode: "test-pages",
    server: { port: await freePort() },
    logLevel: "error",
  });
  await server.listen();
  const [origin] = server.resolvedUrls?.local ?? [];
  if (!origin) throw new Error("The pages of the tests are not served.");
  project.provide("pages", origin.replace(/\/$/, ""));
  return () => server.close();
}
