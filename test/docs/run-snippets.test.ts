import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatWithOptions } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { entryPoints } from "../../scripts/entry-points.ts";
import { filesUnder } from "../../scripts/files.ts";
import { LakotaError } from "../../src/index.ts";
import { setPresumedValues } from "./presumed-values.ts";
import { ROOT, type Snippet, snippetsOf } from "./snippets.ts";

const HERE = process.cwd();
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lakota-snippets-"));
  process.chdir(folder);
});

afterEach(() => {
  process.chdir(HERE);
  rmSync(folder, { recursive: true });
});

/** What a line has printed, and what its comment says that it prints. */
interface Claim {
  readonly line: string;
  readonly printed: string;
  readonly claimed: string;
}

const modules = new Map(entryPoints.map(({ specifier, source }) => [specifier, `${ROOT}${source}`]));
modules.set("lakota", `${ROOT}test/docs/lakota-in-node.ts`);
modules.set("lakota/node", `${ROOT}test/docs/lakota-in-node.ts`);

/** Imports the sources, and turns `console.log(…); // text` into a claim. */
function instrumented({ document, line, text }: Snippet): string {
  return text
    .split("\n")
    .map((code, i) => {
      const [, indent, values, claimed] = /^(\s*)console\.log\((.*)\); \/\/ (.*)$/.exec(code) ?? [];
      if (values === undefined) return code;
      return `${indent}__claim(${JSON.stringify(`${document}:${line + i}`)}, ${JSON.stringify(claimed)}, ${values});`;
    })
    .join("\n")
    .replace(/from "(lakota[\w/]*)"/g, (_, name: string) => `from ${JSON.stringify(modules.get(name))}`);
}

async function run(snippet: Snippet): Promise<Claim[]> {
  const claims: Claim[] = [];
  Object.assign(globalThis, {
    __claim: (line: string, claimed: string, ...values: unknown[]) => {
      claims.push({
        line,
        claimed,
        printed: formatWithOptions({ breakLength: Number.POSITIVE_INFINITY }, ...values),
      });
    },
  });
  const path = join(folder, `snippet-${snippet.line}.ts`);
  writeFileSync(path, instrumented(snippet));
  await import(path);
  return claims;
}

/** Runs a snippet and compares what it prints with its comments; returns how many there are. */
async function check(snippet: Snippet): Promise<number> {
  const claims = await run(snippet);
  for (const { line, printed, claimed } of claims) {
    const shown = claimed.endsWith("…") ? printed.slice(0, claimed.length - ", …".length) : printed;
    expect(`${line}: ${shown}`).toBe(`${line}: ${claimed.replace(/, …$/, "")}`);
  }
  return claims.length;
}

const forNode = (document: string) => snippetsOf(document).filter(({ isForPage }) => !isForPage);

const PAGES = [...filesUnder("docs/tasks", ".md"), "docs/first-hour.md", "docs/troubleshooting.md"];

test.each(PAGES.filter((page) => forNode(page).length > 0))("%s does what it says", async (document) => {
  let claims = 0;
  for (const snippet of forNode(document)) claims += await check(snippet);
  expect(claims).toBeGreaterThan(0);
});

/** Documents whose snippets presume objects of the reader's app. */
const WITH_PRESUMED = ["README.md", "SECURITY.md", "docs/guide.md", "docs/interchange.md"];

test.each(WITH_PRESUMED.flatMap(forNode))("$document:$line runs", async (snippet) => {
  const close = await setPresumedValues();
  try {
    await check(snippet);
  } catch (error) {
    // A loop that runs until its signal fires.
    if (!(error instanceof LakotaError && error.code === "aborted" && snippet.text.includes("signal")))
      throw error;
  } finally {
    close();
  }
});
