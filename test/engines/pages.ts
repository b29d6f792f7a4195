import { inject } from "vitest";
import type { Tab } from "../browsers/tab.ts";

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
