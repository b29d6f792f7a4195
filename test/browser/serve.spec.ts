import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { openRepo, Schema } from "../../src/node.ts";
import { expectRows } from "./demo-tools.ts";

/** The built explorer, as `lakota serve` serves it: its Content-Security-Policy must allow all that it does. */
test("the explorer of `lakota serve` works under its own security policy", async ({ page }) => {
  const folder = mkdtempSync(join(tmpdir(), "lakota-serve-"));
  const repo = await openRepo(folder);
  const collection = await repo.createCollection(new Schema({ day: "date*", close: "float" }), "stocks");
  const day = Array.from({ length: 5_000 }, (_, i) => new Date(86_400_000 * i));
  await collection.series("ACME").write({ day, close: day.map((_, i) => Math.sin(i / 50)) });
  repo.close();
  const server = spawn(process.execPath, ["dist/lakota.js", "-r", folder, "serve", "--port", "0", "--json"]);
  try {
    const [line] = await once(server.stdout, "data");
    const { explorer } = JSON.parse(String(line));
    const errors: string[] = [];
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    page.on("pageerror", (error) => errors.push(String(error)));
    await page.goto(`${explorer}#/stocks/ACME`);
    await expectRows(page, "5,000");
    expect(errors).toEqual([]);
  } finally {
    server.kill("SIGINT");
    await once(server, "exit");
    rmSync(folder, { recursive: true, force: true });
  }
});
