import { readFileSync, writeFileSync } from "node:fs";
import { dirname, posix, relative, sep } from "node:path";
import { filesUnder } from "./files.ts";
import { importsOf } from "./imports.ts";

/**
 * Makes the declarations that tsc wrote to dist/types resolve in any project: tsc keeps the `.ts` endings and the
 * workspace's package name, a consumer has neither.
 */
const ROOT = "dist/types";
const WORKSPACE: Readonly<Record<string, string>> = {
  "numcodecs-wasm/decoder": "wasm/src/decoder.js",
  "numcodecs-wasm/encoder": "wasm/src/encoder.js",
};

function resolvable(specifier: string, folder: string): string {
  const target = WORKSPACE[specifier];
  if (target === undefined) return specifier.replace(/^(\..*)\.ts$/, "$1.js");
  const path = relative(folder, `${ROOT}/${target}`).replaceAll(sep, posix.sep);
  return path.startsWith(".") ? path : `./${path}`;
}

for (const path of filesUnder(ROOT, ".d.ts")) {
  const text = readFileSync(path, "utf8");
  let result = text;
  // From the last to the first, so that the positions of those before stay right.
  for (const { specifier, start, end } of importsOf(path, text).reverse()) {
    result =
      result.slice(0, start) + JSON.stringify(resolvable(specifier, dirname(path))) + result.slice(end);
  }
  if (result !== text) writeFileSync(path, result);
}
