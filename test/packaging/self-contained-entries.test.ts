import { expect, test } from "vitest";
import { rewriteChunks } from "../../scripts/self-contained-entries.ts";

const chunk = (fileName: string, code: string, isEntry = false, moduleIds = [fileName]) => ({
  fileName,
  code,
  isEntry,
  moduleIds,
});

test("chunks take what they share with an entry from a global object", () => {
  const entry = chunk("worker.js", "var a=1,b=2;export{a as x,b};\n", true);
  const part = chunk("part.js", 'import{b as e,x}from"./worker.js";import"./worker.js";e(x);export{e as n};');
  rewriteChunks([entry, part]);
  expect(entry.code).toBe("var a=1,b=2;self.lakotaWorker={x:a,b};");
  expect(part.code).toBe("const{b:e,x}=self.lakotaWorker;e(x);export{e as n};");
});

test("chunks repeat the helpers", () => {
  const helpers = chunk("helpers.js", "var a=1;export{a as t};", false, ["\0rolldown/runtime.js"]);
  const part = chunk("part.js", 'import{t as e}from"./helpers.js";e();');
  rewriteChunks([helpers, part]);
  expect(part.code).toBe("const{t:e}=(()=>{var a=1;return{t:a};})();e();");
});

test("an entry that shares nothing stays as it is", () => {
  const entry = chunk("worker.js", "start();", true);
  rewriteChunks([entry]);
  expect(entry.code).toBe("start();");
});

test.each([
  ["an entry", "export default 1;", "", "Exports of an unknown form"],
  ["a chunk", "export{a};", 'import*as a from"./worker.js";', "still imports an entry"],
])("%s of another form is an error", (_, entry, part, message) => {
  const chunks = [chunk("worker.js", entry, true), chunk("part.js", part)];
  expect(() => rewriteChunks(chunks)).toThrow(message);
});
