import { dirname, posix, relative, sep } from "node:path";
import ts from "typescript";
import { entryPoints } from "./entry-points.ts";
import { importsOf } from "./imports.ts";

/**
 * Writes the type declarations of the entry points to dist/types. They resolve in any project: the compiler keeps the
 * `.ts` extensions and the name of the workspace's package, and the package has neither.
 */
const OUTPUT = "dist/types";

const host: ts.ParseConfigFileHost = {
  ...ts.sys,
  onUnRecoverableConfigFileDiagnostic: (diagnostic) => fail([diagnostic]),
};
const overrides: ts.CompilerOptions = {
  noEmit: false,
  declaration: true,
  emitDeclarationOnly: true,
  rootDir: ".",
  outDir: OUTPUT,
};
const config = ts.getParsedCommandLineOfConfigFile("tsconfig.json", overrides, host);
if (config === undefined) throw new Error("tsconfig.json could not be read");
const { options } = config;

/** Prints the compiler's messages and ends. */
function fail(diagnostics: readonly ts.Diagnostic[]): never {
  const format = {
    getCanonicalFileName: (path: string) => path,
    getCurrentDirectory: ts.sys.getCurrentDirectory,
    getNewLine: () => "\n",
  };
  console.error(ts.formatDiagnostics(diagnostics, format));
  process.exit(1);
}

/** The specifier by which the declarations in `folder` find what a source file imports as `specifier`. */
function publishedSpecifier(specifier: string, folder: string): string {
  const source = options.paths?.[specifier]?.[0];
  const withExtension = (path: string) => path.replace(/\.ts$/, ".js");
  if (source === undefined) return specifier.startsWith(".") ? withExtension(specifier) : specifier;
  const path = relative(folder, posix.join(OUTPUT, withExtension(source))).replaceAll(sep, posix.sep);
  return path.startsWith(".") ? path : `./${path}`;
}

function withPublishedSpecifiers(path: string, text: string): string {
  let result = text;
  // From the last to the first, so that earlier positions stay valid.
  for (const { specifier, start, end } of importsOf(path, text).reverse()) {
    const published = JSON.stringify(publishedSpecifier(specifier, dirname(path)));
    result = result.slice(0, start) + published + result.slice(end);
  }
  return result;
}

const program = ts.createProgram(
  entryPoints.map(({ source }) => source),
  options,
);
const { diagnostics } = program.emit(undefined, (path, text) => {
  const file = relative(".", path);
  ts.sys.writeFile(file, withPublishedSpecifiers(file, text));
});
const found = [...ts.getPreEmitDiagnostics(program), ...diagnostics];
if (found.length > 0) fail(found);
