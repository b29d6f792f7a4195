import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { ROOT } from "./snippets.ts";

const run = promisify(execFile);

/** VitePress fails on a link to a page that the site does not have. */
test("the site builds", { timeout: 300_000 }, async () => {
  await run("npm", ["run", "site"], { cwd: ROOT });
  for (const page of ["index", "first-hour", "concepts", "tasks/publish", "api/series", "why"]) {
    expect(existsSync(`${ROOT}.cache/site/dist/${page}.html`), page).toBe(true);
  }
});
