import { expect, test } from "vitest";
import { rewriteChunks } from "../../scripts/self-contained-entries.ts";

const chunk = (fileName: string, code: string, isEntry = false, moduleIds = [fileName]) => ({
  fileName,
  code,
  isEntry,
  moduleIds,
});

/** Returns the code of each chunk, as a build of a worker has it. */
function rewritten(...chunks: ReturnType<typeof chunk>[]): string[] {
  return [...rewriteChunks(chunks).values()].map(String);
}

test("chunks take what they share with an entry from a global object", () => {
  const entry = chunk("worker.js", "var a=1,b=2;export{a as x,b};\n", true);
  const part = chunk("part.js", 'import{b as e,x}from"./worker.js";import"./worker.js";e(x);export{e as n};');
  expect(rewritten(entry, part)).toEqual([
    "var a=1,b=2;self.lakotaWorker={x:a,b};\n",
    "const{b:e,x}=self.lakotaWorker;e(x);export{e as n};",
  ]);
});

test("chunks repeat the helpers", () => {
  const helpers = chunk("helpers.js", "var a=1;export{a as t};", false, ["\0rolldown/runtime.js"]);
  const part = chunk("part.js", 'import{t as e}from"./helpers.js";e();');
  expect(rewritten(helpers, part)[1]).toBe("const{t:e}=(()=>{var a=1;return{t:a};})();e();");
});

test("the address of a source map stays at the end, and is not repeated with the helpers", () => {
  const address = (file: string) => `\n//# sourceMappingURL=${file}.map`;
  const entry = chunk("worker.js", `var a=1;export{a};${address("worker.js")}`, true);
  const helpers = chunk("helpers.js", `var b=2;export{b};${address("helpers.js")}`, false, [
    "\0rolldown/runtime.js",
  ]);
  const part = chunk(
    "part.js",
    `import{a}from"./worker.js";import{b}from"./helpers.js";a(b);${address("part.js")}`,
  );
  const [entryCode, , partCode] = rewritten(entry, helpers, part);
  expect(entryCode).toBe(`var a=1;self.lakotaWorker={a};${address("worker.js")}`);
  expect(partCode).toBe(
    `const{a}=self.lakotaWorker;const{b}=(()=>{var b=2;return{b};\n})();a(b);${address("part.js")}`,
  );
});

test("an entry that shares nothing stays as it is", () => {
  const entry = chunk("worker.js", "start();", true);
  expect(rewritten(entry)).toEqual(["start();"]);
});

test.each([
  ["an entry", "export default 1;", "", "Exports of an unknown form"],
  ["a chunk", "export{a};", 'import*as a from"./worker.js";', "still imports an entry"],
  ["a chunk that passes on an export", "export{a};", 'export{a as b}from"./worker.js";', "passes on exports"],
])("%s of another form is an error", (_, entry, part, message) => {
  const chunks = [chunk("worker.js", entry, true), chunk("part.js", part)];
  expect(() => rewriteChunks(chunks)).toThrow(message);
});
