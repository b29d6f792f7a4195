import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { encodeStrings } from "../../src/model/encode-strings.ts";
import { Frame } from "../../src/model/frame.ts";
import { mask, reduce } from "../../src/query.ts";

type Column = (number | string | boolean)[];
type Case =
  | [kind: "eval", text: string, values: Column]
  | [kind: "mask", text: string, rows: number[]]
  | [kind: "reduce", columns: Record<string, string>, answer: Record<string, Column>];

/** What Python Lakota makes of expressions: golden/make_golden.py tells how it was found. */
const [head, ...tail] = readFileSync(new URL("./golden/expressions.jsonl", import.meta.url), "utf8")
  .trim()
  .split("\n");
const rows: { timestamp: number[]; station: string[]; value: number[]; n: number[] } = JSON.parse(head!);
const cases: Case[] = tail.map((line) => JSON.parse(line));
const frame = new Frame([
  { name: "timestamp", type: "datetime64[s]", data: BigInt64Array.from(rows.timestamp, BigInt) },
  { name: "station", type: "<U0", data: encodeStrings(rows.station) },
  { name: "value", type: "float64", data: Float64Array.from(rows.value) },
  { name: "n", type: "int64", data: BigInt64Array.from(rows.n, BigInt) },
]);

const asNumber = (value: Column[number]): Column[number] => {
  if (value === "nan") return Number.NaN;
  if (value === "inf") return Number.POSITIVE_INFINITY;
  return value === "-inf" ? Number.NEGATIVE_INFINITY : typeof value === "boolean" ? Number(value) : value;
};

/** Numbers may differ in the last digits: numpy adds up in another order. */
function expectColumn(found: Frame, name: string, expected: Column): void {
  const values = Array.from(found.get(name) as ArrayLike<number | bigint | string>);
  expect(values).toHaveLength(expected.length);
  for (const [row, item] of expected.entries()) {
    const [value, wanted] = [values[row]!, asNumber(item)];
    if (typeof wanted === "string" || !Number.isFinite(wanted)) expect(value).toEqual(wanted);
    else
      expect(Math.abs(Number(value) - Number(wanted))).toBeLessThanOrEqual(1e-12 * Math.abs(Number(wanted)));
  }
}

describe.each(["eval", "mask", "reduce"] as const)("%s", (kind) => {
  const some = cases.filter((one) => one[0] === kind).map((one) => [JSON.stringify(one[1]), one] as const);
  test.each(some)("%s", (_, [kind, given, expected]) => {
    if (kind === "eval") expectColumn(reduce(frame, { x: given }), "x", expected);
    if (kind === "mask") {
      const stamps = expected.map((row) => BigInt(rows.timestamp[row]!));
      expect(mask(frame, given).get("timestamp")).toEqual(BigInt64Array.from(stamps));
    }
    if (kind === "reduce") {
      const found = reduce(frame, given);
      expect([...found.columns].sort()).toEqual(Object.keys(expected).sort());
      for (const [name, column] of Object.entries(expected)) expectColumn(found, name, column);
    }
  });
});
