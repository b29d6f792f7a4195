import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { changelogProblems } from "./changelog-problems.ts";
import { problemsOf, readPublishInfo } from "./publish-info.ts";
import { PACKAGES, type PackageFolder, packPackage } from "./stage.ts";

/**
 * `npm run release -- PACKAGE --registry URL`, where PACKAGE is lakota or numcodecs-wasm: builds it, packs it and publishes it to
 * that registry, whatever npm is configured for, with a statement of provenance, which npm makes in a continuous integration that
 * it trusts. With --dry-run, says what would be published.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { "dry-run": { type: "boolean", default: false }, registry: { type: "string" } },
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
const { registry, "dry-run": dryRun } = values;
if (!registry || !URL.canParse(registry))
  fail(
    `Name the registry to publish to: --registry URL. npm is configured for ${output("npm", "config", "get", "registry")}`,
  );
const { name, version } = manifestOf(folder);
const problems = [
  ...problemsOf(readPublishInfo()),
  ...(folder === "." ? changelogProblems(readFileSync("CHANGELOG.md", "utf8"), version) : []),
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
  "--registry",
  registry,
  ...(dryRun ? ["--dry-run"] : []),
);
console.log(
  dryRun
    ? `Nothing was published: --dry-run. It would be ${name} ${version}, to ${registry}`
    : `Published ${name} ${version}. Tag it: git tag ${name}@${version}`,
);

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

function gitProblems(): string[] {
  const isClean = output("git", "status", "--porcelain") === "";
  return isClean ? [] : ["The checkout has changes that are not committed"];
}
