import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { openRepo, Schema } from "../../src/node.ts";
import { expectRows } from "./demo-tools.ts";

interface Served {
  /** Link to the explorer. */
  explorer: string;
  /** Token for writing. */
  token: string;
  /** Folder of the repository. */
  folder: string;
}

/** Runs `lakota serve` on a new repository while `use` runs. */
async function withServer(options: readonly string[], use: (served: Served) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "lakota-serve-"));
  const repo = await openRepo(folder);
  const collection = await repo.createCollection(new Schema({ day: "date*", close: "float" }), "stocks");
  const day = Array.from({ length: 5_000 }, (_, i) => new Date(86_400_000 * i));
  await collection.series("ACME").write({ day, close: day.map((_, i) => Math.sin(i / 50)) });
  repo.close();
  const command = ["dist/lakota.js", "-r", folder, "serve", "--port", "0", "--json", ...options];
  const server = spawn(process.execPath, command);
  try {
    const [line] = await once(server.stdout, "data");
    await use({ ...JSON.parse(String(line)), folder });
  } finally {
    server.kill("SIGINT");
    await once(server, "exit");
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The built explorer, as `lakota serve` serves it: its Content-Security-Policy must allow all that it does. */
test("the explorer of `lakota serve` works under its own security policy", ({ page }) =>
  withServer([], async ({ explorer }) => {
    const errors: string[] = [];
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    page.on("pageerror", (error) => errors.push(String(error)));
    await page.goto(`${explorer}#/stocks/ACME`);
    await expectRows(page, "5,000");
    expect(errors).toEqual([]);
  }));

test("at its root `lakota serve` shows its own repository, which is read-only", ({ page }) =>
  withServer([], async ({ explorer }) => {
    await page.goto(new URL("/", explorer).href);
    await expectRows(page, "5,000");
    // Not the description of the demo's collection of that name.
    await expect(page.locator("#about")).toHaveText("stocks: day, close");
    expect(new URL(page.url()).search).toBe("");
    await page.getByRole("button", { name: "Write rows" }).click();
    await expect(page.getByRole("dialog")).toContainText("This repository is read-only");
    await expect(page.locator("#edit-rows")).toBeHidden();
  }));

test("a repository that needs a token to be written says so first, and takes it", ({ page }) =>
  withServer(["--writable"], async ({ explorer, token }) => {
    await page.goto(new URL("/", explorer).href);
    await expectRows(page, "5,000");
    await page.getByRole("button", { name: "Write rows" }).click();
    await expect(page.getByRole("heading", { name: "Writing needs a token" })).toBeVisible();
    await page.getByRole("button", { name: "Enter a token" }).click();
    await expect(page.locator("[name=token]")).toBeFocused();
    await page.locator("[name=token]").fill(token);
    await page.getByRole("button", { name: "Connect", exact: true }).click();
    await expectRows(page, "5,000");
    await page.getByRole("button", { name: "Write rows" }).click();
    await page.getByLabel("Rows", { exact: true }).fill("day,close\n2020-01-01,1.5\n");
    await page.getByRole("button", { name: "Write", exact: true }).click();
    await expectRows(page, "5,001");
    expect(page.url()).not.toContain(token);
    expect(await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))).toBe("{}");
  }));

test("shows what a repository says of its collections, columns and series", ({ page }) =>
  withServer([], async ({ explorer, folder }) => {
    const repo = await openRepo(folder);
    const stocks = await repo.collection("stocks");
    await stocks.describe({
      title: "Share prices",
      description: "Closing prices, day by day.",
      source: "Example Exchange: https://example.org/prices",
      licence: "CC0",
      timeZone: "America/New_York",
      columns: { close: { title: "Closing price", unit: "USD" } },
      series: { ACME: { title: "Acme <b>Corporation</b>" } },
    });
    repo.close();
    await page.goto(`${explorer}#/stocks/ACME`);
    await expectRows(page, "5,000");
    await expect(page.locator("#about")).toHaveText(
      "Share prices: Closing prices, day by day. Acme <b>Corporation</b>.",
    );
    await expect(page.locator("#source")).toHaveText("Data: Example Exchange. Terms: CC0.");
    await expect(page.getByRole("link", { name: "Example Exchange" })).toHaveAttribute(
      "href",
      "https://example.org/prices",
    );
    await expect(page.locator("#view")).toContainText("Times are UTC.");
    await expect(page.locator("#chart .legend")).toContainText("Closing price");
    await expect(page.locator("#chart .legend .unit")).toHaveText("USD");
  }));
