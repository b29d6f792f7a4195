import { expect, test } from "vitest";
import { Frame } from "../../src/model/frame.ts";
import { Schema } from "../../src/model/schema.ts";

const column = { name: "v", type: "float64", data: new Float64Array(3) };
const frame = new Frame([column]);
const schema = new Schema({ t: "int*", v: "float" });

test.each<[argument: string, why: string, call: (value: never) => unknown, value: unknown]>([
  ["columns", "a list", (value) => new Frame(value), 5],
  ["columns", "{ name, type, data }", (value) => new Frame(value), [null]],
  ["columns", "equally long", (value) => new Frame(value), [column, { ...column, data: [1] }]],
  ["columns", "{ name, type, data }", (value) => new Frame(value), [{ ...column, data: { length: 3 } }]],
  ["column", "text. This frame has: v.", (value) => frame.get(value), Symbol()],
  ["column", "text. This frame has: v.", (value) => frame.type(value), Object.create(null)],
  ["column", "text. This frame has: v.", (value) => frame.numbers(value), 5],
  ["columns", "types by name", (value) => new Schema(value), null],
  ["columns", "types by name", (value) => new Schema(value), "t timestamp*"],
  ["kind", '"kv" or null', (value) => new Schema({ t: "int*" }, value), "key-value"],
  ["columns", "types by name", (value) => Schema.kv(value), undefined],
  ["dump", "what dump() returns", (value) => Schema.load(value), { columns: null }],
  ["column", "text. This collection has: t, v.", (value) => schema.column(value), Symbol()],
  ["other", "a Schema", (value) => schema.equals(value), {}],
])("an invalid argument is named: %s must be %s", (argument, why, call, value) => {
  const message = expect.stringMatching(new RegExp(`\\b${argument}\\b.* must be `));
  expect(() => call(value as never)).toThrow(expect.objectContaining({ code: "invalid-argument", message }));
  expect(() => call(value as never)).toThrow(why);
});
