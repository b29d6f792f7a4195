import ts from "typescript";
import { expect, test } from "vitest";
import { filesUnder } from "../../scripts/files.ts";
import { ROOT, type Snippet, snippetsOf } from "./snippets.ts";

const DOCUMENTS = [
  "README.md",
  "SECURITY.md",
  "docs/guide.md",
  "docs/interchange.md",
  "docs/charts.md",
  "docs/first-hour.md",
  "docs/troubleshooting.md",
  ...filesUnder("docs/tasks", ".md"),
];

/** What the snippets presume: objects of earlier snippets, and functions and values of the reader's app. */
const PRESUMED = `
import type { Frame, Note, Repo, Schema as SchemaClass, TypedCollection, TypedSeries } from "lakota";
import type * as arrow from "lakota/arrow";
import type * as interchange from "lakota/interchange";
import type * as node from "lakota/node";
import type * as query from "lakota/query";

type Columns = { readonly timestamp: "timestamp*"; readonly value: "float" };

declare global {
  const repo: Repo;
  const schema: SchemaClass<Columns>;
  const collection: TypedCollection<Columns>;
  const series: TypedSeries<Columns>;
  const framesByLabel: Map<string, Frame>;
  const note: Note;

  const connect: typeof import("lakota").connect;
  const openRepo: typeof node.openRepo;
  const Schema: typeof SchemaClass;
  const readCsv: typeof interchange.readCsv;
  const writeCsv: typeof interchange.writeCsv;
  const writeParquet: typeof interchange.writeParquet;
  const importFiles: typeof interchange.importFiles;
  const toRows: typeof interchange.toRows;
  const toArrow: typeof arrow.toArrow;
  const cols: typeof query.cols;

  const accessKeyId: string;
  const secretAccessKey: string;
  const credentials: { accessKeyId: string; secretAccessKey: string };
  const options: NonNullable<Parameters<typeof connect>[1]>;
  const signal: AbortSignal;
  const width: number;
  const database: import("@duckdb/duckdb-wasm").AsyncDuckDB;
  const input: { readonly files: FileList };
  const file: Blob & { write(data: string | Uint8Array): Promise<void> };
  const plot: { setData(data: readonly (readonly number[] | Float64Array)[]): void };
  function draw(...data: readonly unknown[]): void;
  function redraw(ranges: readonly unknown[]): void;
  function onProgress(progress: object): void;
}
`;

/** Returns what the compiler says of snippets, each a module of its own. */
function problemsOf(snippets: readonly Snippet[]): string[] {
  const { config } = ts.readConfigFile(`${ROOT}tsconfig.json`, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, ROOT);
  const strict = {
    ...options,
    strict: true,
    noUncheckedIndexedAccess: true,
    noUnusedLocals: false,
    noUnusedParameters: false,
  };
  const pathOf = ({ document, line, extension }: Snippet) =>
    `${ROOT}test/docs/${document.replace(/\W/g, "-")}-${line}.${extension}`;
  const presumed = `${ROOT}test/docs/presumed.ts`;
  const texts = new Map([
    [presumed, PRESUMED],
    ...snippets.map((snippet) => [pathOf(snippet), `${snippet.text}\nexport {};\n`] as const),
  ]);
  const host = ts.createCompilerHost(strict);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (path) => texts.has(path) || fileExists(path);
  host.readFile = (path) => texts.get(path) ?? readFile(path);
  host.getSourceFile = (path, version, ...rest) => {
    const text = texts.get(path);
    return text === undefined
      ? getSourceFile(path, version, ...rest)
      : ts.createSourceFile(path, text, version, true);
  };
  const program = ts.createProgram([...texts.keys()], strict, host);
  const problemsIn = (path: string, document: string, first: number) => {
    const source = program.getSourceFile(path)!;
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return found.map(({ start = 0, messageText }) => {
      const line = first + source.getLineAndCharacterOfPosition(start).line;
      return `${document}:${line}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
    });
  };
  return [
    ...problemsIn(presumed, "presumed", 1),
    ...snippets.flatMap((snippet) => problemsIn(pathOf(snippet), snippet.document, snippet.line)),
  ];
}

test("the snippets of the documents compile as they stand", { timeout: 120_000 }, () => {
  const snippets = DOCUMENTS.flatMap(snippetsOf);
  expect(snippets.length).toBeGreaterThan(30);
  expect(problemsOf(snippets)).toEqual([]);
});

test("a wrong snippet is found, with its line", { timeout: 120_000 }, () => {
  const text =
    'const { columns } = await series.downsample();\ncolumns.valeu;\nconst x: string = framesByLabel.get("a");';
  expect(problemsOf([{ document: "README.md", line: 10, extension: "ts", text, isForPage: false }])).toEqual([
    expect.stringMatching(/^README\.md:11: .*valeu/),
    expect.stringMatching(/^README\.md:12: .*undefined/),
  ]);
});
