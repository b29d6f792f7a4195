import { fileURLToPath } from "node:url";
import { inject } from "vitest";
import type { Tab } from "../browsers/tab.ts";
import { type StaticServer, serveFolder } from "../packaging/static-server.ts";

const DIST = fileURLToPath(new URL("../../dist", import.meta.url));

const LIBRARY_PAGE = `<!doctype html><meta charset="utf-8"><title>lakota</title>
<script type="module">
  import * as lakota from "./index.js";
  window.lakota = lakota;
</script>`;

/** Returns the body of a function that calls a function with arguments, which must be JSON. */
export const callOf = (name: string, ...args: readonly unknown[]): string =>
  `return ${name}(${args.map((arg) => JSON.stringify(arg)).join(", ")})`;

/** Opens a page of test/browser/pages/, and waits until it has defined a function. */
export async function openPage(tab: Tab, page: string, defined: string): Promise<void> {
  await tab.goto(`${inject("pages")}/test/browser/pages/${page}`);
  await tab.evaluate(until(`${JSON.stringify(defined)} in window`));
}

/** Returns statements that wait until an expression is true, and throw what the page shows where that never happens. */
export const until = (condition: string): string => `
  for (const end = performance.now() + 60000; !(${condition}); ) {
    if (performance.now() > end) throw new Error(${JSON.stringify(condition)} + " is not so; the page shows: " + document.body.innerText.slice(0, 2000));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }`;

/** Serves the built package on a plain web host, with a page that loads it as `lakota`. */
export const serveLibrary = (): Promise<StaticServer> =>
  serveFolder(DIST, { instead: { "/page.html": LIBRARY_PAGE } });

/** Opens the page of {@link serveLibrary}. */
export async function openLibrary(tab: Tab, host: StaticServer): Promise<void> {
  await tab.goto(`${host.url}/page.html`);
  await tab.evaluate(until(`"lakota" in window`));
}
