import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "@playwright/test";
import { afterAll, beforeAll, expect, test } from "vitest";
import { chromiumPath } from "../../scripts/chromium.ts";
import { type Consumer, makeConsumer } from "../packaging/consumer.ts";
import { serveFolder } from "../packaging/static-server.ts";
import { PYTHON } from "./python-process.ts";

/** Follows the steps of a task, with the code blocks of its text. */
const PAGE = readFileSync(new URL("../../docs/tasks/from-pandas.md", import.meta.url), "utf8");
const [, section = ""] = /\n## Python Lakota\n(.*?)\n###? /s.exec(PAGE) ?? [];

/** Returns the only code block of a language. */
function block(language: string): string {
  const blocks = [...section.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, "gms"))];
  expect(blocks, `blocks of ${language}`).toHaveLength(1);
  return blocks[0]![1]!;
}

let consumer: Consumer;
beforeAll(() => {
  consumer = makeConsumer();
});
afterAll(() => consumer?.remove());

test("what the page installs is what these tests run", () => {
  const [, packages = ""] = /^pip install (.*)\n$/.exec(block("sh")) ?? [];
  // Without an index, pip succeeds only if all packages are installed.
  execFileSync("sh", ["-c", `"${PYTHON}" -m pip install --quiet --no-index ${packages}`], { stdio: "pipe" });
});

test("Python writes, Node publishes, a browser reads from a plain web host", async () => {
  const { folder } = consumer;
  const run = (command: string, file: string, text: string) => {
    writeFileSync(join(folder, file), text);
    execFileSync(command, [file], { cwd: folder, stdio: "pipe" });
  };
  run(PYTHON, "write.py", block("python"));
  run(process.execPath, "publish.mjs", block("js"));
  cpSync(join(folder, "node_modules/lakota/dist"), join(folder, "lakota"), { recursive: true });
  writeFileSync(join(folder, "page.html"), block("html"));

  const server = await serveFolder(folder);
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: ["--no-sandbox"] });
  try {
    const page = await browser.newPage();
    await page.goto(`${server.url}/page.html`);
    await page.waitForFunction(() => document.querySelector("output")?.textContent !== "");
    expect(await page.textContent("output")).toBe("3 rows up to 2026-03-03T00:00:00.000Z: 4.5, 6.1, 5.2");
  } finally {
    await browser.close();
    await server.close();
  }
});
