import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export interface PackageJson {
  name: string;
  exports: Record<string, string | { types: string; default: string }>;
  sideEffects: boolean | string[];
  peerDependencies?: Record<string, string>;
}

/** Reads the package.json of a folder of the project; default: the root's. */
export function readPackageJson(folder = "."): PackageJson {
  const path = fileURLToPath(new URL(`../${folder}/package.json`, import.meta.url));
  return JSON.parse(readFileSync(path, "utf8"));
}

/** A module that users import by name. */
export interface EntryPoint {
  /** `./dist/node.js` has the name `node`; its source is `src/node.ts`. */
  name: string;
  /** What users write: `lakota/node`. */
  specifier: string;
  /** Path from the root of the project. */
  source: string;
}

/** The entry points that a package.json lists in `exports`. */
export function entryPointsOf({ name, exports }: PackageJson, folder = "src"): EntryPoint[] {
  return Object.entries(exports).flatMap(([subpath, target]) => {
    if (typeof target === "string") return []; // "./package.json"
    const file = /^\.\/dist\/([\w-]+)\.js$/.exec(target.default)?.[1];
    if (file === undefined) throw new Error(`package.json: ${target.default} must be ./dist/<name>.js`);
    return [{ name: file, specifier: name + subpath.slice(1), source: `${folder}/${file}.ts` }];
  });
}

const packageJson = readPackageJson();

/** The entry points of the package. This is the only list of them that programs read. */
export const entryPoints: readonly EntryPoint[] = entryPointsOf(packageJson);

/** Scripts that workers run, by their names in dist/. Users do not import them. */
export const workerScripts: Readonly<Record<string, string>> = {
  worker: "src/worker/host/engine-worker.ts",
  decoder: "src/worker/decoders/decode-worker.ts",
};

/** The command, by its name in dist/; `bin` of package.json names it. */
export const commandScript: Readonly<Record<string, string>> = { lakota: "src/cli/lakota.ts" };

/** Packages that are imported if the user has installed them, and not bundled. */
export const optionalPackages: readonly string[] = Object.keys(packageJson.peerDependencies ?? {});
