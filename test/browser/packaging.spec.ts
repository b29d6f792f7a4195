import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { build, createServer } from "vite";
import { type Consumer, makeConsumer } from "../packaging/consumer.ts";
import { serveFolder } from "../packaging/static-server.ts";

/** A project that depends on the packed package. */
let consumer: Consumer;
test.beforeAll(() => {
  consumer = makeConsumer();
});
test.afterAll(() => consumer?.remove());

async function expectRows(page: Page, url: string): Promise<void> {
  const failures: string[] = [];
  page.on("pageerror", (error) => failures.push(String(error)));
  await page.goto(url);
  await expect(page.locator("output")).not.toBeEmpty();
  await expect(page.locator("output")).toHaveText("199998 rows, value 1.5 to 100000");
  expect(failures).toEqual([]);
}

/** Opens a page of a served folder, and checks that workers and WebAssembly came from the folder. */
async function expectRowsFrom(page: Page, folder: string, path: string): Promise<void> {
  const server = await serveFolder(folder);
  try {
    await expectRows(page, `${server.url}${path}`);
    expect(server.answers.filter((answer) => !answer.startsWith("200 "))).toEqual([]);
    for (const file of [
      /\/worker\b.*\.js$/,
      /\/decoder\b.*\.js$/,
      /\/decoder\b.*\.wasm$/,
      /\/encoder\b.*\.wasm$/,
    ]) {
      expect(server.answers.some((answer) => file.test(answer))).toBe(true);
    }
  } finally {
    await server.close();
  }
}

test("a plain <script type=module>, no bundler", async ({ page }) => {
  await expectRowsFrom(page, consumer.folder, "/plain.html");
});

test("a page built by Vite", async ({ page }) => {
  await build({ root: consumer.folder, logLevel: "error" });
  await expectRowsFrom(page, join(consumer.folder, "dist"), "/index.html");
});

test("a page from Vite's dev server", async ({ page }) => {
  const server = await createServer({
    root: consumer.folder,
    logLevel: "error",
    server: { host: "127.0.0.1", port: 0, hmr: false },
  });
  try {
    await server.listen();
    await expectRows(page, server.resolvedUrls?.local[0] ?? "");
  } finally {
    await server.close();
  }
});
