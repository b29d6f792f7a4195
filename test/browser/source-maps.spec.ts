import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { expect, test } from "@playwright/test";
import { serveFolder } from "../packaging/static-server.ts";

const DIST = fileURLToPath(new URL("../../dist", import.meta.url));

/** A position in a script, as browsers count: from 1. */
interface Place {
  script: string;
  line: number;
  column: number;
}

/** Returns what the source has at a place of a script, and where. */
function sourceAt({ script, line, column }: Place): {
  source: string | null;
  name: string | null;
  text: string;
} {
  const map = new TraceMap(readFileSync(join(DIST, `${script}.map`), "utf8"));
  const found = originalPositionFor(map, { line, column: column - 1 });
  const index = map.sources.indexOf(found.source);
  const text =
    map.sourcesContent?.[index]?.split("\n")[(found.line ?? 0) - 1]?.slice(found.column ?? 0) ?? "";
  return { source: found.source, name: found.name, text };
}

/** Returns the places of a stack trace, the innermost first. */
const placesOf = (stack: string): Place[] =>
  [...stack.matchAll(/\/([\w-]+\.js):(\d+):(\d+)/g)].map(([, script = "", line, column]) => ({
    script,
    line: Number(line),
    column: Number(column),
  }));

test("errors of the page and of its worker lead to the sources", async ({ page }) => {
  const server = await serveFolder(DIST, {
    instead: { "/index.html": '<!doctype html><link rel="icon" href="data:,"><title>page</title>' },
  });
  try {
    await page.goto(`${server.url}/`);
    const stack = await page.evaluate(async () => {
      const { Schema } = await import(`${location.origin}/index.js`);
      try {
        return String(new Schema({ t: "no type*" }));
      } catch (error) {
        return (error as Error).stack ?? "";
      }
    });
    const frames = placesOf(stack).map(sourceAt);
    expect(frames[0], stack).toMatchObject({ source: "../src/model/schema.ts" });
    expect(frames[0]!.text).toMatch(/^new LakotaError\(/);
    expect(frames.map(({ name }) => name)).toContain("parseColumn");

    const crash = await page.evaluate(
      () =>
        new Promise<{ filename: string; lineno: number; colno: number }>((resolve) => {
          const worker = new Worker("/worker.js", { type: "module" });
          worker.addEventListener("error", ({ filename, lineno, colno }) =>
            resolve({ filename, lineno, colno }),
          );
          worker.postMessage(null); // no message of the protocol
        }),
    );
    const script = crash.filename.split("/").at(-1)!;
    expect(script).toBe("worker.js");
    const place = sourceAt({ script, line: crash.lineno, column: crash.colno });
    expect(place.source).toBe("../src/worker/host/host.ts");
    expect(place.text).toMatch(/^kind\b/);
  } finally {
    await server.close();
  }
});

test("browsers load the maps for their developer tools alone", async ({ page }) => {
  const server = await serveFolder(DIST, {
    instead: { "/index.html": '<!doctype html><link rel="icon" href="data:,"><title>page</title>' },
  });
  try {
    await page.goto(`${server.url}/`);
    const session = await page.context().newCDPSession(page);
    const named: string[] = [];
    session.on("Debugger.scriptParsed", ({ sourceMapURL }) => named.push(sourceMapURL ?? ""));
    await session.send("Debugger.enable");
    await page.evaluate(async () => {
      const { connect } = await import(`${location.origin}/index.js`);
      const repo = await connect("memory://");
      await repo.ls();
    });
    expect(named).toContainEqual(expect.stringMatching(/^chunk-[\w-]+\.js\.map$/));
    expect(server.answers).toContainEqual(expect.stringMatching(/^200 .*\/worker\.js$/));
    expect(server.answers.filter((answer) => answer.endsWith(".map"))).toEqual([]);
  } finally {
    await server.close();
  }
});
