import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import MagicString from "magic-string";
import { expect, test } from "vitest";
import { exportLocalNames } from "../../scripts/local-export-names.ts";
import { moveMap } from "../../scripts/replace-code.ts";

interface Chunk {
  fileName: string;
  code: string;
  imports: string[];
  dynamicImports: string[];
}

const chunk = (fileName: string, code: string, options: Partial<Chunk> = {}): Chunk => ({
  fileName,
  code,
  imports: [],
  dynamicImports: [],
  ...options,
});

const rewritten = (...chunks: Chunk[]) =>
  [...exportLocalNames(chunks, ({ fileName }) => fileName === "index.js").values()].map(String);

test("chunks export what they share by the names that it has in them", () => {
  const shared = chunk("a-1.js", "var n=1,e=2;export{n as t,e as n,n as r};");
  const user = chunk("b.js", 'import{n as x,t as n}from"./a-1.js";x(n);export{x as t};', {
    imports: ["a-1.js"],
  });
  const index = chunk(
    "index.js",
    'import{t}from"./b.js";t();export{r as one}from"./a-1.js";export{t as run};',
    {
      imports: ["a-1.js", "b.js"],
    },
  );
  expect(rewritten(shared, user, index)).toEqual([
    "var n=1,e=2;export{n,e};",
    'import{e as x,n}from"./a-1.js";x(n);export{x};',
    'import{x as t}from"./b.js";t();export{n as one}from"./a-1.js";export{t as run};',
  ]);
});

test("what is imported on demand keeps its names", () => {
  const part = chunk("part.js", "var n=1;export{n as one};");
  const user = chunk("b.js", 'import("./part.js").then(e=>e.one);', { dynamicImports: ["part.js"] });
  expect(rewritten(part, user)[0]).toBe(part.code);
});

test.each([
  ["all exports are imported", 'import*as x from"./a.js";', "All exports of a.js"],
  ["all exports are passed on", 'export*from"./a.js";', "All exports of a.js"],
  ["a name is unknown", 'import{t}from"./a.js";', "a.js does not export t"],
])("it is an error if %s", (_, code, message) => {
  const shared = chunk("a.js", "var n=1;export{n as r};");
  expect(() => rewritten(shared, chunk("b.js", code, { imports: ["a.js"] }))).toThrow(message);
});

test("a source map is moved with the code, word by word", () => {
  const source = "first(); second(third);";
  const minified = new MagicString(source).remove(8, 9);
  const map = minified.generateMap({ source: "a.ts", includeContent: true, hires: "boundary" });
  const code = new MagicString(minified.toString()).prepend("const{a}=self.shared;");
  const moved = new TraceMap(moveMap(code, "a.js", map.toString()));
  expect(moved.file).toBe("a.js");
  expect(moved.sourcesContent).toEqual([source]);
  for (const word of ["first", "second", "third"])
    expect(originalPositionFor(moved, { line: 1, column: code.toString().indexOf(word) })).toMatchObject({
      source: "a.ts",
      line: 1,
      column: source.indexOf(word),
    });
});
