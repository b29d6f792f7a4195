import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { optionalPackages } from "./entry-points.ts";
import { filesUnder } from "./files.ts";
import { importsOf } from "./imports.ts";

/** Writes THIRD-PARTY-LICENSES.md: the licences of all code in dist/. With --check, fails if the file is not current. */
const OUTPUT = "THIRD-PARTY-LICENSES.md";
const WASM = "wasm/THIRD-PARTY-LICENSES.md";
const WORKSPACES = ["numcodecs-wasm"];

const packageName = (specifier: string) =>
  specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");

/** Names of the bundled packages: those that the sources import, and their dependencies. */
function bundledPackages(): string[] {
  const names = new Set<string>();
  for (const path of [...filesUnder("src", ".ts"), ...filesUnder("wasm/src", ".ts")]) {
    for (const { specifier, typeOnly } of importsOf(path, readFileSync(path, "utf8"))) {
      if (!typeOnly && !/^(\.|node:)/.test(specifier)) names.add(packageName(specifier));
    }
  }
  const direct = [...names].filter((name) => !WORKSPACES.includes(name) && !optionalPackages.includes(name));
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

/** The licences of the code in the WebAssembly modules, with headings one level lower. */
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
  ...bundledPackages().map(section),
  ...wasmSection(),
].join("\n");

if (!process.argv.includes("--check")) {
  writeFileSync(OUTPUT, text);
} else if (!existsSync(OUTPUT) || readFileSync(OUTPUT, "utf8") !== text) {
  console.error(`${OUTPUT} is not current: run \`npm run licences\``);
  process.exitCode = 1;
}
