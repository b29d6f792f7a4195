import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { filesUnder } from "./files.ts";
import { importsOf } from "./imports.ts";

/** Writes THIRD-PARTY-LICENSES.md: the terms of everything that dist/ contains. With `--check`, only compares. */
const OUTPUT = "THIRD-PARTY-LICENSES.md";
const WASM = "wasm/THIRD-PARTY-LICENSES.md";
const WORKSPACES = ["numcodecs-wasm"];

const packageName = (specifier: string) =>
  specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");

/** Packages that users install: they are imported, and not bundled. */
const { peerDependencies: peers }: { peerDependencies: Record<string, string> } = JSON.parse(
  readFileSync("package.json", "utf8"),
);

/** The packages that the shipped sources import, and those that these depend on: all are bundled. */
function bundled(): string[] {
  const names = new Set<string>();
  for (const path of [...filesUnder("src", ".ts"), ...filesUnder("wasm/src", ".ts")]) {
    for (const { specifier, typeOnly } of importsOf(path, readFileSync(path, "utf8"))) {
      if (!typeOnly && !/^(\.|node:)/.test(specifier)) names.add(packageName(specifier));
    }
  }
  const direct = [...names].filter((name) => !WORKSPACES.includes(name) && !(name in peers));
  return [...withDependencies(direct)].sort();
}

function withDependencies(direct: readonly string[]): ReadonlySet<string> {
  const all = new Set(direct);
  for (const name of all) {
    const { dependencies = {} }: { dependencies?: Record<string, string> } = JSON.parse(
      readFileSync(join("node_modules", name, "package.json"), "utf8"),
    );
    for (const dependency of Object.keys(dependencies)) all.add(dependency);
  }
  return all;
}

function section(name: string): string {
  const folder = join("node_modules", name);
  const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (file === undefined) throw new Error(`${name} has no licence file; it cannot be bundled`);
  const text = readFileSync(join(folder, file), "utf8").replaceAll("\r\n", "\n").trim();
  return `## ${name} ${version} (${license})\n\n\`\`\`text\n${text}\n\`\`\`\n`;
}

/** What the WebAssembly modules contain, its headings one level down. */
function wasmSection(): string[] {
  if (!existsSync(WASM)) return [];
  return [
    readFileSync(WASM, "utf8")
      .trim()
      .replace(/^(#+ )/gm, "#$1")
      .concat("\n"),
  ];
}

const text = [
  "# Third-party licences\n",
  "The files in `dist/` contain code of the packages below. Written by `npm run licences`.\n",
  ...bundled().map(section),
  ...wasmSection(),
].join("\n");

if (!process.argv.includes("--check")) {
  writeFileSync(OUTPUT, text);
} else if (!existsSync(OUTPUT) || readFileSync(OUTPUT, "utf8") !== text) {
  console.error(`${OUTPUT} is not current: run \`npm run licences\``);
  process.exitCode = 1;
}
