import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  decodedMap,
  decodedMappings,
  originalPositionFor,
  type SourceMapSegment,
  TraceMap,
} from "@jridgewell/trace-mapping";
import ts from "typescript";
import { beforeAll, describe, expect, test } from "vitest";
import { importsOf } from "../../scripts/imports.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const DIST = join(ROOT, "dist");

interface SourceMap {
  file: string;
  sources: string[];
  sourcesContent?: (string | null)[];
}

const textOf = (file: string) => readFileSync(join(DIST, file), "utf8");
const hasMap = (file: string) => existsSync(join(DIST, `${file}.map`));

const lines = new Map<string, readonly string[]>();

/** Returns the lines of a source, by its path in maps. */
function linesOf(source: string): readonly string[] {
  const known = lines.get(source);
  if (known) return known;
  const found = readFileSync(join(DIST, source), "utf8").split("\n");
  lines.set(source, found);
  return found;
}

let scripts: string[];
beforeAll(() => {
  scripts = readdirSync(DIST).filter((file) => file.endsWith(".js"));
});

/** Returns scripts and what they import, dynamic imports included. */
function withImports(...entries: string[]): ReadonlySet<string> {
  const files = new Set(entries);
  for (const file of files)
    for (const { specifier } of importsOf(file, textOf(file)))
      if (specifier.startsWith("./")) files.add(basename(specifier));
  return files;
}

const NOTHING_OF_SOURCES =
  /^(?:#!.*\n)?(?:(?:(?:import|export)(?:\{[^{}]*\})?(?:from)?(?:"[^"]+")?;\s*)+|var \w+=Object\.defineProperty,.{0,200})$/;

const SOURCE = /^\.\.\/(?:src|wasm\/src|node_modules)\/(?:[\w@-][\w.@-]*\/)*[\w.-]+\.[mc]?[jt]s$/;

describe("every script has a source map", () => {
  test("that its last line names, unless it has nothing of the sources: only exports of others, or helpers of the bundler", () => {
    for (const file of scripts) {
      if (hasMap(file)) {
        expect(textOf(file).trimEnd().split("\n").at(-1), file).toBe(`//# sourceMappingURL=${file}.map`);
        expect(JSON.parse(textOf(`${file}.map`)).file).toBe(file);
      } else {
        expect(textOf(file)).toMatch(NOTHING_OF_SOURCES);
      }
    }
  });

  test("that leads to files of this project, and has their text, but for the command", () => {
    const command = withImports("lakota.js");
    expect(command.size).toBeGreaterThan(50);
    const named = scripts.filter((file) => !file.startsWith("chunk-") && !command.has(file));
    expect([...withImports(...named)].filter((file) => command.has(file))).toEqual([]);
    for (const file of scripts.filter(hasMap)) {
      const text = textOf(`${file}.map`);
      const { sources, sourcesContent }: SourceMap = JSON.parse(text);
      expect(sources.length, file).toBeGreaterThan(0);
      expect(
        sources.filter((source) => !SOURCE.test(source)),
        file,
      ).toEqual([]);
      expect(text).not.toContain(ROOT);
      const texts = command.has(file) ? [] : sources.map((source) => linesOf(source).join("\n"));
      const found = (sourcesContent ?? []).filter((each) => each !== null);
      expect(found.join("\0") === texts.join("\0"), file).toBe(true);
    }
  });
});

/** Whether positions of a script are those of the sources. */
interface Positions {
  right: number;
  wrong: string[];
  /** Words without a position. */
  unplaced: number;
}

/**
 * Follows the positions of what minifiers keep to the sources: of properties and other long names, of the beginnings of texts,
 * `return` and `throw`. What the build has added has no position.
 */
function followPositions(file: string, map: TraceMap = new TraceMap(textOf(`${file}.map`))): Positions {
  const script = ts.createSourceFile(file, textOf(file), ts.ScriptTarget.Latest);
  const result: Positions = { right: 0, wrong: [], unplaced: 0 };
  const visit = (node: ts.Node): void => {
    const word = keptWord(node);
    if (word !== undefined) {
      const { line, character } = script.getLineAndCharacterOfPosition(node.getStart(script));
      const found = originalPositionFor(map, { line: line + 1, column: character });
      if (found.source === null) result.unplaced++;
      else {
        const original = lineOf(found.source, found.line).slice(found.column);
        if (original.startsWith(word) || original.slice(1).startsWith(word))
          result.right++; // 1: the quote of a text
        else
          result.wrong.push(
            `${file}: ${word} is ${original.slice(0, 30)} in line ${found.line} of ${found.source}`,
          );
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(script);
  return result;
}

function keptWord(node: ts.Node): string | undefined {
  if (ts.isReturnStatement(node)) return "return";
  if (ts.isThrowStatement(node)) return "throw";
  if (ts.isIdentifier(node)) return node.text.length > 3 ? node.text : undefined;
  return ts.isStringLiteralLike(node) ? /^[\w -]{3,}/.exec(node.text)?.[0] : undefined;
}

const lineOf = (source: string, line: number) => linesOf(source)[line - 1]!;

describe("positions lead to the same words of the sources", () => {
  test("in every script", () => {
    const all: Positions = { right: 0, wrong: [], unplaced: 0 };
    for (const file of scripts.filter(hasMap)) {
      const { right, wrong, unplaced } = followPositions(file);
      expect(right, `${file}\n${wrong.join("\n")}`).toBeGreaterThan(wrong.length);
      all.right += right;
      all.unplaced += unplaced;
      all.wrong.push(...wrong);
    }
    expect(all.unplaced / all.right).toBeLessThan(0.02);
    // Constants that the minifier has put in place of their names are other words.
    expect(all.wrong.length / all.right, all.wrong.join("\n")).toBeLessThan(0.01);
  }, 60_000);

  test("which those of a map that is off by some columns do not", () => {
    const map = new TraceMap(textOf("worker.js.map"));
    const mappings = decodedMappings(map).map((line) =>
      line.map(([column, ...original]) => [column + 9, ...original] as SourceMapSegment),
    );
    const { right, wrong } = followPositions("worker.js", new TraceMap({ ...decodedMap(map), mappings }));
    expect(wrong.length).toBeGreaterThan(right);
  });
});

/** Runs a program of Node in a process of its own. Returns what it prints. */
const run = (...args: string[]) => execFileSync(process.execPath, args, { cwd: DIST, encoding: "utf8" });

test("stack traces of Node name functions and lines of the sources", () => {
  const program = `
    import { openRepo } from "./node.js";
    openRepo("nonsense://x").catch(({ stack }) => console.log(stack));`;
  const stack = run("--enable-source-maps", "--input-type=module", "--eval", program);
  const frame = /at openOne \((.*)\/src\/stores\/open\.ts:(\d+):(\d+)\)/.exec(stack);
  expect(frame, stack).not.toBeNull();
  const [, folder, line, column] = frame!;
  expect(`${folder}/`).toBe(ROOT);
  expect(lineOf("../src/stores/open.ts", Number(line)).slice(Number(column) - 1)).toMatch(
    /^new LakotaError\(/,
  );
});
