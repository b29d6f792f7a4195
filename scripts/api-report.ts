import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import ts from "typescript";
import { type EntryPoint, entryPoints } from "./entry-points.ts";
import { filesUnder } from "./files.ts";

/**
 * Writes the public API to docs/api-report/: one file per entry point of the package, with the declaration of each name
 * that it exports and of the types that these refer to, without docstrings. With --check, fails where these files are
 * not current.
 */
const FOLDER = "docs/api-report";

/** A declaration: its source file, and its name there. */
interface Declared {
  readonly source: string;
  readonly name: string;
}

const { config } = ts.readConfigFile("tsconfig.json", ts.sys.readFile);
const { options } = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, ".");
const program = ts.createProgram(
  entryPoints.map(({ source }) => source),
  { ...options, noEmit: false, declaration: true, emitDeclarationOnly: true, removeComments: true },
);
const checker = program.getTypeChecker();

/** Declaration files by source: unlike the sources they have all types, the inferred ones too. */
const emitted = new Map<string, ts.SourceFile>();

function emittedFile(source: string): ts.SourceFile {
  const known = emitted.get(source);
  if (known) return known;
  let text = "";
  program.emit(program.getSourceFile(source), (_, written) => {
    text = written;
  });
  const file = ts.createSourceFile(source, text, ts.ScriptTarget.Latest, true);
  emitted.set(source, file);
  return file;
}

const nameOf = (node: ts.Statement): string | undefined => {
  if (ts.isVariableStatement(node)) return node.declarationList.declarations[0]?.name.getText();
  const { name } = node as ts.Statement & { name?: ts.Identifier };
  return name?.text;
};

const statementsOf = ({ source, name }: Declared): ts.Statement[] =>
  emittedFile(source).statements.filter((node) => nameOf(node) === name);

/** Finds what a name means in a declaration file. Undefined for globals, type parameters and names of packages. */
function resolveName(source: string, name: string): Declared | undefined {
  for (const node of emittedFile(source).statements) {
    if (nameOf(node) === name) return { source, name };
    if (!ts.isImportDeclaration(node) || !ts.isStringLiteral(node.moduleSpecifier)) continue;
    const { text } = node.moduleSpecifier;
    const bindings = node.importClause?.namedBindings;
    if (!text.startsWith(".") || !bindings || !ts.isNamedImports(bindings)) continue;
    const found = bindings.elements.find((element) => element.name.text === name);
    if (!found) continue;
    const target = relative(".", resolve(dirname(source), text));
    return resolveExport(target, (found.propertyName ?? found.name).text);
  }
  return undefined;
}

/** Follows re-exports to the declaration. */
function resolveExport(source: string, name: string): Declared {
  const file = program.getSourceFile(source);
  const symbol = file && checker.getSymbolAtLocation(file);
  const exported = symbol && checker.getExportsOfModule(symbol).find((one) => one.name === name);
  if (!exported) throw new Error(`${source} does not export ${name}`);
  return declared(exported);
}

function declared(symbol: ts.Symbol): Declared {
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const file = target.declarations?.[0]?.getSourceFile();
  if (!file) throw new Error(`${symbol.name} has no declaration`);
  return { source: relative(".", file.fileName), name: target.name };
}

/** The declarations that a declaration refers to. */
function referencesOf(one: Declared): Declared[] {
  const found: Declared[] = [];
  const visit = (node: ts.Node): void => {
    const name = ts.isTypeReferenceNode(node)
      ? node.typeName
      : ts.isExpressionWithTypeArguments(node)
        ? node.expression
        : ts.isTypeQueryNode(node)
          ? node.exprName
          : undefined;
    const target = name && ts.isIdentifier(name) ? resolveName(one.source, name.text) : undefined;
    if (target) found.push(target);
    ts.forEachChild(node, visit);
  };
  statementsOf(one).forEach(visit);
  return found;
}

const keyOf = ({ source, name }: Declared) => `${source} ${name}`;

function textOf(one: Declared): string {
  const statements = statementsOf(one);
  if (statements.length === 0) throw new Error(`${one.name} was not found in ${one.source}`);
  return statements
    .map((node) => node.getText().replace(/^export (declare )?|^declare /, ""))
    .join("\n")
    .replaceAll(/^ +/gm, (spaces) => spaces.slice(spaces.length / 2));
}

const section = (title: string, one: Declared) => `${title}\n\n\`\`\`ts\n${textOf(one)}\n\`\`\``;

/** Where each declaration was shown first. */
const shown = new Map<string, string>();

function reportOf({ specifier: entry, source }: EntryPoint): string {
  const file = program.getSourceFile(source);
  const symbol = file && checker.getSymbolAtLocation(file);
  if (!symbol) throw new Error(`${source} is not a module`);
  const exported = checker
    .getExportsOfModule(symbol)
    .map((one) => ({ name: one.name, target: declared(one) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));

  const sections: string[] = [];
  const repeated = new Map<string, string[]>();
  for (const { name, target } of exported) {
    const before = shown.get(keyOf(target));
    if (before && before !== entry) repeated.set(before, [...(repeated.get(before) ?? []), `- \`${name}\``]);
    else sections.push(section(name === target.name ? `## ${name}` : `## ${name} (${target.name})`, target));
    shown.set(keyOf(target), before ?? entry);
  }
  const referred = new Map<string, Declared>();
  const queue = exported.map(({ target }) => target);
  for (let next = queue.pop(); next; next = queue.pop()) {
    for (const target of referencesOf(next)) {
      if (shown.has(keyOf(target))) continue;
      shown.set(keyOf(target), entry);
      referred.set(keyOf(target), target);
      queue.push(target);
    }
  }
  const types = [...referred.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return `${[
    `# ${entry}`,
    `<!-- Written by \`npm run api-report\` from ${source}. -->`,
    ...[...repeated].map(([other, names]) => `The same as in \`${other}\`:\n\n${names.join("\n")}`),
    ...sections,
    ...(types.length > 0 ? ["## Types referred to, not exported"] : []),
    ...types.map((one) => section(`### ${one.name}`, one)),
  ].join("\n\n")}\n`;
}

const reports = new Map(
  entryPoints.map((one) => [join(FOLDER, `${one.specifier.replaceAll("/", "-")}.md`), reportOf(one)]),
);

if (process.argv.includes("--check")) {
  const current = filesUnder(FOLDER, ".md");
  const differing = [...reports]
    .filter(([path, text]) => !current.includes(path) || readFileSync(path, "utf8") !== text)
    .map(([path]) => path);
  for (const path of [...differing, ...current.filter((path) => !reports.has(path))]) {
    console.error(`the public API differs from ${path}: run \`npm run api-report\`, and look at the diff`);
    process.exitCode = 1;
  }
} else {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  for (const [path, text] of reports) writeFileSync(path, text);
}
