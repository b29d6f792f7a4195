import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "@playwright/test";
import { parseReport } from "../../scripts/site-tested.ts";
import { type StaticServer, serveFolder } from "../packaging/static-server.ts";
import { expectRows, inked } from "./demo-tools.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** As GitHub Pages has it. */
const BASE = "/lakota/";
const REPORT = `2026-11-30, 03:09 UTC, commit 0123abc

| tests | passed | failed |
| --- | ---: | ---: |
| pages in Chromium | 1,234 | 0 |

| also tried | how much |
| --- | --- |
| faults injected | 5,678 |
`;

/** Links of the page "Try it" into the explorer, and the rows that it shows. */
const LINKS = { "the conflict": "144", "the flights": "3,000,000", "the weather": "1,461" };

const folder = mkdtempSync(join(tmpdir(), "lakota-site-"));
let host: StaticServer | undefined;

/** VitePress fails on a link to a page that the site does not have. The explorer is that of `npm run build`. */
test.beforeAll(async () => {
  test.setTimeout(300_000);
  // Not by `npm run site`, which builds the explorer again: other tests read its files meanwhile.
  await promisify(execFile)("npx", ["tsx", "scripts/site.ts", "--base", BASE], { cwd: ROOT });
  symlinkSync(join(ROOT, ".cache/site/dist"), join(folder, BASE.slice(0, -1)));
  const tested = JSON.stringify(parseReport(REPORT));
  host = await serveFolder(folder, { instead: { [`${BASE}tested.json`]: tested } });
});
test.afterAll(async () => {
  await host?.close();
  rmSync(folder, { recursive: true });
});

test("the site of a plain web host, below a path: its explorer, its search, its table of tests", async ({
  page,
}) => {
  const { url, answers } = host!;
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error)));

  await page.goto(`${url}${BASE}tasks/publish.html`);
  await page.getByRole("link", { name: "Try it" }).first().click();
  await expect(page).toHaveURL(`${url}${BASE}try-it.html`);
  const frame = page.frameLocator("iframe");
  await expect(frame.getByRole("heading", { name: "Mauna Loa" })).toBeVisible();
  await expect.poll(() => inked(frame)).toBeGreaterThan(1_000);

  await page.getByRole("link", { name: "Open the whole explorer" }).click();
  await expect(page).toHaveURL(new RegExp(`^${url}${BASE}try/(#.*)?$`));
  await expectRows(page, "741");
  await page.locator("#moment").press("Home");
  await expect(page.locator("#moment-status")).toContainText("Ada Lindqvist");
  await expect(page.locator("#changes-summary")).toContainText(/\d/);
  await page.getByRole("button", { name: "Write rows" }).click();
  await expect(page.getByRole("dialog")).toContainText("This repository is read-only");

  for (const [link, rows] of Object.entries(LINKS)) {
    await page.goto(`${url}${BASE}try-it.html`);
    await page.getByRole("link", { name: link }).click();
    await expectRows(page, rows);
  }

  await page.getByRole("link", { name: "Lakota" }).click();
  await expect(page).toHaveURL(url + BASE);
  // VitePress checks the links of pages, but not those of its settings.
  const menus = page.locator("header a[href], .VPSidebar a[href]");
  const links = await menus.evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href));
  expect(links.length).toBeGreaterThan(30);
  for (const link of new Set(links)) expect((await page.request.get(link)).status(), link).toBe(200);
  await page.getByRole("button", { name: "Search" }).click();
  await page.getByRole("searchbox").fill("what was tested");
  await page.getByRole("option").first().click();
  await expect(page).toHaveURL(`${url}${BASE}tested.html#what-was-tested`);
  await expect(page.getByText("commit 0123abc")).toBeVisible();
  await expect(page.getByRole("row", { name: "pages in Chromium 1,234 0" })).toBeVisible();
  await expect(page.getByRole("row", { name: "faults injected 5,678" })).toBeVisible();

  expect(errors).toEqual([]);
  // By its answer to a listing the explorer finds out that the host is a plain one.
  const isListing = (answer: string) => answer.endsWith("/try/repo/");
  expect(answers.filter((answer) => !answer.startsWith("200") && !isListing(answer))).toEqual([]);
});
