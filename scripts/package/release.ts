import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { problemsOf, readPublishInfo } from "./publish-info.ts";
import { PACKAGES, type PackageFolder, packPackage } from "./stage.ts";

/**
 * `npm run release -- PACKAGE`, where PACKAGE is lakota or numcodecs-wasm: builds it, packs it and publishes it, with a statement
 * of provenance, which npm makes in a continuous integration that it trusts. With --dry-run, says what would be published.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { "dry-run": { type: "boolean", default: false } },
});
const FOLDER = ".cache/package";

const run = (program: string, ...args: string[]) => execFileSync(program, args, { stdio: "inherit" });
const output = (program: string, ...args: string[]) =>
  execFileSync(program, args, { encoding: "utf8" }).trim();

interface Manifest {
  readonly name: string;
  readonly version: string;
}
const manifestOf = (folder: PackageFolder): Manifest =>
  JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));

const [wanted, ...others] = positionals;
const folder = PACKAGES.find((one) => manifestOf(one).name === wanted);
const names = PACKAGES.map((one) => manifestOf(one).name).join(" or ");
if (!folder || others.length > 0) fail(`Name the package to release: ${names}.`);
const { name, version } = manifestOf(folder);
const problems = [
  ...problemsOf(readPublishInfo()),
  ...(folder === "." ? changelogProblems() : []),
  ...gitProblems(),
];
if (problems.length > 0) {
  fail(`${name} ${version} cannot be released yet:\n${problems.join("\n")}`);
}
run("npm", "run", "build", ...(folder === "." ? [] : ["-w", name]));
const { tarball, paths } = packPackage(folder, FOLDER);
console.log(`${tarball}: ${paths.length} files`);
run(
  "npm",
  "publish",
  tarball,
  "--access",
  "public",
  "--provenance",
  ...(values["dry-run"] ? ["--dry-run"] : []),
);
console.log(`Published ${name} ${version}. Tag it: git tag ${name}@${version}`);

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

/** The version must have a section of CHANGELOG.md, and nothing must be unreleased. */
function changelogProblems(): string[] {
  const text = readFileSync("CHANGELOG.md", "utf8");
  const sections = text.split(/^## /m).slice(1);
  const unreleased = sections.find((section) => /^\[?Unreleased/.test(section));
  const isNamed = sections.some(
    (section) => section.startsWith(version) || section.startsWith(`[${version}]`),
  );
  return [
    ...(isNamed ? [] : [`CHANGELOG.md has no section "## ${version}"`]),
    ...(unreleased?.includes("\n- ")
      ? [`CHANGELOG.md: move what is below "## Unreleased" to "## ${version}"`]
      : []),
  ];
}

function gitProblems(): string[] {
  const isClean = output("git", "status", "--porcelain") === "";
  return isClean ? [] : ["The checkout has changes that are not committed"];
}
