import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import ts from "typescript";
import { afterAll, expect, test } from "vitest";
import { entryPoints } from "../../scripts/entry-points.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const names = entryPoints.map(({ name }) => name);
/** Examples that only run in a page. */
const ONLY_CHECKED = ["index", "react", "uplot"];
const run = promisify(execFile);

/** The file that the example of an entry point is written to. */
const fileOf = (name: string) => join(folder, `${name}.${name === "react" ? "tsx" : "ts"}`);

/** Returns the example in the first docstring of an entry point. */
function exampleOf(name: string): string {
  const text = readFileSync(join(ROOT, `src/${name}.ts`), "utf8");
  const lines = text.slice(0, text.indexOf("*/")).split("\n");
  const code = lines.map((line) => line.replace(/^ \* ?/, ""));
  const start = code.findIndex((line) => /^```tsx?$/.test(line));
  return `${code.slice(start + 1, code.lastIndexOf("```")).join("\n")}\nexport {};\n`;
}

// In the project, so that imports of packages resolve.
const folder = join(ROOT, ".cache/headers");
mkdirSync(folder, { recursive: true });
const work = mkdtempSync(join(tmpdir(), "lakota-headers-"));
mkdirSync(join(work, "csv"));
writeFileSync(join(work, "csv/Brussels.csv"), "time,value\n2026-03-01,4\n");
afterAll(() => {
  rmSync(work, { recursive: true });
  rmSync(folder, { recursive: true });
});
for (const name of names) writeFileSync(fileOf(name), exampleOf(name));

test("examples in the headers of the entry points have no type errors", { timeout: 60_000 }, () => {
  const { config } = ts.readConfigFile(join(ROOT, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, ROOT);
  const files = names.map(fileOf);
  const program = ts.createProgram(files, options);
  const diagnostics = files.flatMap((file) => ts.getPreEmitDiagnostics(program, program.getSourceFile(file)));
  expect(diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"))).toEqual(
    [],
  );
});

test.each(names.filter((name) => !ONLY_CHECKED.includes(name)))(
  "the example of src/%s.ts prints what its comments say",
  { timeout: 30_000 },
  async (name) => {
    const tsx = pathToFileURL(join(ROOT, "node_modules/tsx/dist/loader.mjs")).href;
    const { stdout } = await run(process.execPath, ["--import", tsx, fileOf(name)], {
      cwd: work,
      env: { ...process.env, TSX_TSCONFIG_PATH: join(ROOT, "tsconfig.json") },
    });
    const expected = [...exampleOf(name).matchAll(/^console\.log\(.*\); \/\/ (.*)$/gm)].map(
      ([, text]) => text,
    );
    expect(stdout.trim().split("\n").filter(Boolean)).toEqual(expected);
  },
);
