import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import {
  Application,
  type DeclarationReflection,
  PageEvent,
  type ProjectReflection,
  type Reflection,
  ReflectionGroup,
  ReflectionKind,
} from "typedoc";
import type { PluginOptions } from "typedoc-plugin-markdown";
import ts from "typescript";
import { apiPages } from "./api-pages.ts";
import { entryPoints } from "./entry-points.ts";
import { filesUnder } from "./files.ts";
import { anchorsOf, type Heading, headingsOf } from "./links.ts";

/**
 * Writes the reference of the API to docs/api/ from the docstrings of what the entry points of the package export. With
 * --check, fails where these files are not current.
 */
const FOLDER = "docs/api";
const MARK = "<!-- Written by `npm run api-docs` from the docstrings in src/. -->";

const OPTIONS: Parameters<typeof Application.bootstrapWithPlugins>[0] & PluginOptions = {
  plugin: ["typedoc-plugin-markdown"],
  name: "lakota",
  readme: "none",
  logLevel: "Warn",
  disableSources: true,
  excludeExternals: true, // what LakotaError has of Error
  skipErrorChecking: true, // tsc does that
  sort: ["kind", "source-order"],
  kindSortOrder: ["Function", "Class", "Interface", "TypeAlias", "Variable"],
  outputFileStrategy: "modules",
  flattenOutputFiles: true,
  hideBreadcrumbs: true,
  hidePageHeader: true,
  hideGroupHeadings: true,
  useCodeBlocks: true,
  parametersFormat: "table",
  interfacePropertiesFormat: "table",
  classPropertiesFormat: "table",
  typeAliasPropertiesFormat: "table",
  propertyMembersFormat: "table",
  typeDeclarationFormat: "table",
  tableColumnSettings: { hideInherited: true, hideOverrides: true, hideModifiers: true, hideSources: true },
  pageTitleTemplates: { module: ({ name }) => titles.get(name) ?? name },
};

/** The names that src/index.ts exports, by the file that declares them. */
function exportsBySource(): Map<string, string[]> {
  const names = new Map<string, string[]>();
  const { statements } = ts.createSourceFile(
    "index.ts",
    readFileSync("src/index.ts", "utf8"),
    ts.ScriptTarget.Latest,
  );
  for (const node of statements) {
    if (!ts.isExportDeclaration(node) || !node.exportClause || !ts.isNamedExports(node.exportClause))
      continue;
    const source = (node.moduleSpecifier as ts.StringLiteral).text.slice(2);
    const added = node.exportClause.elements.map(({ name }) => name.text);
    names.set(source, [...(names.get(source) ?? []), ...added]);
  }
  return names;
}

/** Writes one module per page, which exports what is on it, and a tsconfig.json for these and the entry points. */
function writeModules(folder: string): { tsconfig: string; entries: string[] } {
  const names = exportsBySource();
  const own = apiPages.map(({ name, about, sources }) => {
    const exports = sources.map(
      (source) =>
        `export { ${names.get(source)!.join(", ")} } from ${JSON.stringify(resolve("src", source))};`,
    );
    const path = join(folder, `${name}.ts`);
    writeFileSync(path, `/**\n * ${about}\n * @module ${name}\n */\n${exports.join("\n")}\n`);
    return path;
  });
  const [index, ...others] = entryPoints.map(({ source }) => resolve(source));
  // What several modules export is on the page of the first one.
  const entries = [...own, ...others.filter((path) => /query|interchange\.ts/.test(path)), index!, ...others];
  const tsconfig = join(folder, "tsconfig.json");
  const compilerOptions = {
    typeRoots: [resolve("node_modules/@types")],
    isolatedModules: false,
    noEmit: true,
  };
  writeFileSync(
    tsconfig,
    JSON.stringify({
      extends: resolve("tsconfig.json"),
      compilerOptions,
      include: [],
      files: [...new Set(entries)],
    }),
  );
  return { tsconfig, entries: [...new Set(entries)] };
}

/** The page of an entry point: `query` of `lakota/query`, `lakota` of the package itself. */
const pageOf = (specifier: string) => specifier.replace(/^lakota\//, "").replaceAll("/", "-");

const titles = new Map(entryPoints.map(({ specifier }) => [pageOf(specifier), `\`${specifier}\``]));
for (const { name, nouns } of apiPages) {
  titles.set(name, nouns[0] ?? name[0]!.toUpperCase() + name.slice(1));
}

/** What comes before types. */
const FIRST = ReflectionKind.Function | ReflectionKind.Variable;

/** Names the pages of entry points, and sorts what is on each page: nouns first. */
function arrange(project: ProjectReflection): void {
  for (const module of project.children ?? []) {
    const page = apiPages.find(({ name }) => name === module.name);
    if (!page) {
      const file = basename(module.name).replace(/^src$/, "index");
      module.name = pageOf(entryPoints.find(({ name }) => name === file)!.specifier);
    }
    const nouns = page?.nouns ?? [];
    const rank = ({ name, kind }: Reflection) =>
      nouns.includes(name) ? nouns.indexOf(name) - nouns.length : kind & FIRST ? 0 : 1;
    const children = (module.groups ?? [])
      .flatMap((group) => group.children)
      .filter((child) => !child.isReference())
      .sort((a, b) => rank(a) - rank(b));
    module.children = children as DeclarationReflection[]; // in the order in which anchors are numbered
    module.groups = [Object.assign(new ReflectionGroup("All", module), { children })];
    if (module.name === "typed") for (const each of module.children ?? []) onlyOwn(each);
  }
}

/** Leaves out what a typed interface has in common with the one that it extends, and what is said of that. */
function onlyOwn(reflection: DeclarationReflection): void {
  const isOwn = ({ inheritedFrom }: DeclarationReflection) => !inheritedFrom;
  reflection.children = reflection.children?.filter(isOwn);
  for (const group of reflection.groups ?? []) {
    group.children = group.children.filter((child) => isOwn(child as DeclarationReflection));
  }
  reflection.groups = reflection.groups?.filter(({ children }) => children.length > 0);
  for (const child of reflection.children ?? []) {
    for (const signature of [child, ...(child.signatures ?? [])]) delete signature.comment;
  }
}

/** Headings inside of a description, which become text, so that the headings of a page are its types and methods. */
const INNER =
  /^#{2,} (Parameters|Returns|Throws|Example|Properties|Type Parameters|Extends|Call Signature|Type Declaration|Index Signature)$/gm;
/** Sections that repeat what is known from elsewhere. */
const REPEATED =
  /^#{2,} (Extended by|Implemented by|Implements|Implementation of|Inherited from|Overrides)\n\n(?:.+\n)+\n?/gm;

const compact = (text: string) =>
  `${MARK}\n\n${text
    .replace(/^\*\*\*\n\n/gm, "")
    .replace(/\(\n((?: {3}\S+ ?\n)+)\)/g, (_, lines: string) => `(${lines.trim().replace(/\s+/g, " ")})`)
    .replace(REPEATED, "")
    .replace(/^#+ (?:Methods|Constructors|Accessors)\n\n/gm, "")
    .replace(/^\| `\w+\.[\w.]+` \|.*\| - \|\n/gm, "") // parts of an object type that the row above shows
    .replace(INNER, "**$1**")
    .replace(/^\*\*(Returns|Throws)\*\*\n\n(?=\S)/gm, "**$1** ")
    .replace(/^#{4,}/gm, "###")
    .replace(/ = $/gm, " =")
    .trimEnd()}\n`;

/** Pages on which it matters what a type extends. On the others, inherited properties are in the tables of the types. */
const SUBTYPES: ReadonlySet<string> = new Set(["typed", "errors"]);
const withoutExtends = (text: string) => text.replace(/^\*\*Extends\*\*\n\n(?:- .+\n)+\n?/gm, "");

/**
 * Removes the number of anchors that are unique. The generator takes `RepoStatus` for a second `Repo.status`, and links to
 * `#repostatus-1`.
 */
function mendAnchors(texts: ReadonlyMap<string, string>): Map<string, string> {
  const anchors = new Map([...texts].map(([page, text]) => [page, anchorsOf(text)]));
  const mend = (page: string, text: string) =>
    text.replace(/\]\((?:([\w-]+)\.md)?#([\w-]+)-\d+\)/g, (link, other = page, name) => {
      const known = anchors.get(other)!;
      return known.has(link.slice(link.indexOf("#") + 1, -1)) || !known.has(name)
        ? link
        : link.replace(/-\d+\)$/, ")");
    });
  return new Map([...texts].map(([page, text]) => [page, mend(page, text)]));
}

/** Returns the first sentence after a heading, and after the code below it. */
function firstSentence(text: string, { title }: Heading): string {
  const [, after = ""] = text.split(`\n### ${title}\n`);
  const [paragraph = ""] = after
    .replace(/^\n```[\s\S]*?\n```\n/, "")
    .trim()
    .split("\n\n");
  return /^[\s\S]*?\.(?=\s|$)/.exec(paragraph)?.[0].replaceAll("\n", " ") ?? paragraph;
}

/** What a page has, as a list of links; of nouns, with the first sentence of each method. */
function entriesOf(page: string, text: string, nouns: readonly string[]): string {
  let noun = "";
  const rows: string[] = [];
  const others: string[] = [];
  for (const heading of headingsOf(text).slice(1)) {
    const link = `[\`${heading.title}\`](${page}.md#${heading.anchor})`;
    if (heading.level === 2) noun = heading.title;
    if (heading.level === 2 && !nouns.includes(noun)) others.push(link);
    if (heading.level !== 3 || noun !== nouns[0] || !/^\w+\(\)$/.test(heading.title)) continue;
    const about = firstSentence(text, heading).replaceAll("](#", `](${page}.md#`).replaceAll("|", "\\|");
    rows.push(`| ${link} | ${about} |`);
  }
  const table = rows.length > 0 ? ["| | |\n| --- | --- |", ...rows].join("\n") : "";
  return [table, others.join(", ")].filter(Boolean).join("\n\n");
}

function indexOf(texts: ReadonlyMap<string, string>): string {
  const section = (page: string, about: string, nouns: readonly string[] = []) =>
    [`## [${titles.get(page)}](${page}.md)`, about, entriesOf(page, texts.get(page)!, nouns)]
      .filter(Boolean)
      .join("\n\n");
  const aboutEntry = (page: string) =>
    (/^# .*\n\n`[^`]+`: ([\s\S]*?\.)(?=\s)/m.exec(texts.get(page)!)?.[1] ?? "")
      .replaceAll("\n", " ")
      .replace(/^\w/, (letter) => letter.toUpperCase());
  const entries = entryPoints.map(({ specifier }) => pageOf(specifier));
  return `${[
    MARK,
    "# Reference of the API",
    "Made from the docstrings, which your editor shows too. What a call may do besides, and how calls work together, is in " +
      "the [guide](../guide.md); complete programs are in the [task pages](../README.md#tasks).",
    ...entries.slice(0, 3).map((page) => section(page, aboutEntry(page))),
    ...apiPages.map(({ name, about, nouns }) => section(name, about, nouns)),
    ...entries.slice(3).map((page) => section(page, aboutEntry(page))),
  ].join("\n\n")}\n`;
}

/** Returns the text of each page, by the name of its file. */
async function makePages(folder: string): Promise<Map<string, string>> {
  const { tsconfig, entries } = writeModules(folder);
  const app = await Application.bootstrapWithPlugins({
    ...OPTIONS,
    entryPoints: entries,
    tsconfig,
    out: join(folder, "out"),
  });
  const project = await app.convert();
  if (!project) throw new Error("the API could not be read");
  arrange(project);
  const texts = new Map<string, string>();
  app.renderer.on(PageEvent.END, ({ url, contents = "" }: PageEvent) => {
    const page = basename(url, ".md");
    if (page !== "README")
      texts.set(page, SUBTYPES.has(page) ? compact(contents) : withoutExtends(compact(contents)));
  });
  await app.generateOutputs(project);
  const mended = mendAnchors(texts);
  return new Map([["README", indexOf(mended)], ...mended]);
}

// In the project, since TypeDoc looks for files from the folder that all entry points have in common.
mkdirSync(".cache", { recursive: true });
const folder = mkdtempSync(resolve(".cache/api-docs-"));
const texts = await makePages(folder).finally(() => rmSync(folder, { recursive: true }));
const files = new Map([...texts].map(([name, text]) => [`${FOLDER}/${name}.md`, text]));
if (process.argv.includes("--check")) {
  const current = filesUnder(FOLDER, ".md");
  const differing = [...files].filter(
    ([path, text]) => !current.includes(path) || readFileSync(path, "utf8") !== text,
  );
  for (const path of [...differing.map(([path]) => path), ...current.filter((path) => !files.has(path))]) {
    console.error(`${path} differs from the docstrings: run \`npm run api-docs\``);
    process.exitCode = 1;
  }
} else {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  for (const [path, text] of files) writeFileSync(path, text);
}
