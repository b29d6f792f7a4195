import { existsSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import ts from "typescript";
import { commandScript, entryPoints, entryPointsOf, readPackageJson, workerScripts } from "./entry-points.ts";

/** Proves that the lists which cannot be computed, in tsconfig.json and package.json, agree with the entry points. */
const errors: string[] = [];

function compare(place: string, actual: unknown, expected: unknown): void {
  if (isDeepStrictEqual(actual, expected)) return;
  errors.push(`${place} must be\n${JSON.stringify(expected, undefined, 2)}`);
}

const packageJson = readPackageJson();
const workspaceEntryPoints = entryPointsOf(readPackageJson("wasm"), "wasm/src");

const paths = [...workspaceEntryPoints, ...entryPoints].map(({ specifier, source }) => [
  specifier,
  [`./${source}`],
]);
const { config } = ts.readConfigFile("tsconfig.json", ts.sys.readFile);
compare("compilerOptions.paths of tsconfig.json", config.compilerOptions.paths, Object.fromEntries(paths));

for (const { name, specifier, source } of entryPoints) {
  const subpath = `.${specifier.slice(packageJson.name.length)}`;
  const target = { types: `./dist/types/src/${name}.d.ts`, default: `./dist/${name}.js` };
  compare(`exports["${subpath}"] of package.json`, packageJson.exports[subpath], target);
  if (!existsSync(source)) errors.push(`${source}, the source of ${specifier}, does not exist`);
}

const scripts = { ...workerScripts, ...commandScript };
const withSideEffects = [
  ...Object.keys(scripts).map((name) => `./dist/${name}.js`),
  ...Object.values(scripts).map((source) => `./${source}`),
];
compare("sideEffects of package.json", packageJson.sideEffects, withSideEffects);

for (const error of errors) console.error(error);
console.log(`entry points: ${entryPoints.length}, ${errors.length} errors`);
process.exitCode = errors.length > 0 ? 1 : 0;
