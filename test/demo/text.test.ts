import { Schema } from "lakota/node";
import { expect, test } from "vitest";
import { boundsOf, parseRange, presetsFor } from "../../demo/data/range.ts";
import {
  formatBytes,
  formatDuration,
  formatNumber,
  formatType,
  formatValue,
} from "../../demo/page/format.ts";
import { missingSeries, rangeProblem } from "../../demo/state/explanations.ts";
import { type Problem, suggest } from "../../demo/state/problem.ts";

test("bytes have a unit of their size", () => {
  expect([0, 999, 1000, 43_210, 999_499, 7_913_000, 36_000_000, 2e9].map(formatBytes)).toEqual([
    "0 B",
    "999 B",
    "1.0 kB",
    "43 kB",
    "999 kB",
    "7.9 MB",
    "36 MB",
    "2.0 GB",
  ]);
});

test("durations", () => {
  expect([0, 634.4, 999.6, 1234].map(formatDuration)).toEqual(["0 ms", "634 ms", "1.0 s", "1.2 s"]);
});

test("values keep their digits", () => {
  expect(formatValue(12_345_678)).toBe("12,345,678");
  expect(formatValue(1e-9)).toBe("1×10⁻⁹");
  expect(formatValue(-2.5e-9)).toBe("−2.5×10⁻⁹");
  expect(formatValue(0)).toBe("0");
  expect(formatValue(Number.NaN)).toBe("missing");
  expect(formatNumber(1_767_261_600)).toBe("1,767,261,600");
});

test("types have the names that people use", () => {
  expect(["<U0", "<U5", "|S3", "datetime64[s]", "datetime64[D]", "float64", "bool"].map(formatType)).toEqual([
    "text",
    "text",
    "text",
    "time, s",
    "date",
    "float64",
    "true or false",
  ]);
});

test("a range of times is of periods, a range of numbers is of numbers", () => {
  expect(boundsOf("2001", "2001", true)).toEqual([Date.UTC(2001, 0), Date.UTC(2002, 0) - 1]);
  expect(boundsOf("1,767,261,600", "1767261600", false)).toEqual([1_767_261_600, 1_767_261_600]);
  expect(boundsOf("-0.5", "1e3", false)).toEqual([-0.5, 1000]);
  expect(boundsOf("2", "1", false)).toBeUndefined();
  expect(boundsOf("1990", "1980", true)).toBeUndefined();
  expect(boundsOf("", "1", false)).toBeUndefined();
});

test("numbers are offered no ranges of days", () => {
  const span = { first: 0, last: 1e12, step: 1 };
  const offered = (time: boolean) => presetsFor(span, time, "UTC").map(({ label }) => label);
  expect(offered(false)).toEqual(["All", "Last 1,000 rows"]);
  expect(offered(true)).toContain("7 days");
});

test("names like the one that is missing are suggested", () => {
  expect(suggest("APPL", ["AAPL", "AMZN", "GOOG", "IBM", "MSFT"])).toEqual(["AAPL"]);
  expect(suggest("goog", ["AAPL", "GOOG"])).toEqual(["GOOG"]);
  expect(suggest("NOPE", ["AAPL", "GOOG"])).toEqual(["AAPL", "GOOG"]);
  expect(suggest("sensor", ["sensor 1", "other", "sensor 2"])).toEqual(["sensor 1", "sensor 2"]);
  expect(suggest("x", [])).toEqual([]);
});

const told = (problem: Problem) => {
  if (problem.kind !== "nothing") throw new Error("an error is told");
  const { title, advice, remedies } = problem;
  return { title, advice, remedies: remedies.map(({ label }) => label) };
};

test("what is missing is named, with what is there", () => {
  const labels = ["AAPL", "IBM"];
  const ignore = () => undefined;
  expect(told(missingSeries("stocks", ["APPL"], [], labels, ignore))).toMatchObject({
    title: "No series “APPL” in stocks",
    remedies: ["AAPL"],
  });
  expect(told(missingSeries("stocks", ["NOPE"], ["IBM"], labels, ignore)).remedies).toEqual(["Show IBM"]);
  const schema = new Schema({ t: "date*", v: "float" });
  const problem = (text: string) => rangeProblem({ schema }, { range: parseRange(text) }, ignore);
  expect(told(problem("1990..1980")!)).toMatchObject({
    title: "No range “1990 to 1980”",
    advice: "The end lies before the start. A range is two times, such as 1990..2001-03.",
  });
  expect(told(problem("soon")!)).toMatchObject({ title: "No range “soon”" });
  expect(problem("1980..1990")).toBeUndefined();
  expect(problem("1y")).toBeUndefined();
});
