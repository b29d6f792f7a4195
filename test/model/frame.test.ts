import "lakota/engine"; // prints rows in the console
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { encodeStrings } from "../../src/model/encode-strings.ts";
import { Frame } from "../../src/model/frame.ts";

const DAY = 86_400n;
/** Three days from 2026-03-01. */
const days = () => BigInt64Array.from({ length: 3 }, (_, day) => (20_513n + BigInt(day)) * DAY);

const frame = new Frame([
  { name: "time", type: "datetime64[s]", data: days() },
  { name: "value", type: "float64", data: Float64Array.of(1.5, Number.NaN, -3) },
  { name: "count", type: "int64", data: BigInt64Array.of(1n, 2n ** 60n, -7n) },
  { name: "name", type: "<U0", data: encodeStrings(["é", "", "🙂"]) },
  { name: "ok", type: "bool", data: Uint8Array.of(1, 0, 1) },
  { name: "wave", type: "complex128", data: Float64Array.of(1, 2, 3, 4, 5, 6) },
  { name: "more", type: "object", data: [{ a: [1n] }, null, "x"] },
]);

describe("rows", () => {
  const first = {
    time: 20_513n * DAY,
    value: 1.5,
    count: 1n,
    name: "é",
    ok: 1,
    wave: [1, 2],
    more: { a: [1n] },
  };

  test("have the values of the columns", () => {
    expect(frame.row(0)).toEqual(first);
    expect(frame.row(2)).toMatchObject({ value: -3, count: -7n, name: "🙂", wave: [5, 6], more: "x" });
    expect(Object.keys(frame.row(1)!)).toEqual(frame.columns);
  });

  test("are counted as Array.at counts them", () => {
    const values = [1.5, Number.NaN, -3];
    for (const at of [0, 1, 2, 3, -1, -3, -4, 1.9, -1.9, Number.NaN, Number.POSITIVE_INFINITY]) {
      const row = frame.row(at);
      const wanted = values.at(at);
      expect(row?.value, String(at)).toEqual(wanted);
      expect(row === undefined, String(at)).toBe(wanted === undefined);
    }
    const refusal = expect.objectContaining({ code: "invalid-argument" });
    for (const at of ["1", 1n, null, {}] as never[]) {
      expect(() => frame.row(at)).toThrow(refusal);
      expect(() => frame.slice(at)).toThrow(refusal);
      expect(() => frame.slice(0, at)).toThrow(refusal);
    }
  });

  test("are iterated over, and made on demand", () => {
    expect([...frame]).toEqual([frame.row(0), frame.row(1), frame.row(2)]);
    expect(frame.toArray()).toEqual([...frame]);
    const [one] = frame;
    expect(one).toEqual(first);
    const long = new Frame([{ name: "v", type: "float64", data: new Float64Array(50_000_000) }]);
    for (const { v } of long) {
      expect(v).toBe(0);
      break;
    }
  });

  test("a frame without rows has none", () => {
    const empty = frame.slice(0, 0);
    expect([empty.length, [...empty], empty.toArray(), empty.row(0), empty.row(-1)]).toEqual([
      0,
      [],
      [],
      undefined,
      undefined,
    ]);
    expect(new Frame([]).toArray()).toEqual([]);
  });
});

describe("slice", () => {
  test("takes rows as subarray does", () => {
    const values = Float64Array.of(1.5, Number.NaN, -3);
    for (const [start, end] of [
      [],
      [1],
      [0, 2],
      [-2],
      [-2, -1],
      [2, 1],
      [5],
      [-9, 9],
      [0.9, 2.9],
      [Number.NaN, 2],
      [undefined, 1],
    ] as [number?, number?][]) {
      const slice = frame.slice(start, end);
      expect(slice.get("value"), `${start} ${end}`).toEqual(values.subarray(start ?? 0, end));
      expect(slice.length).toBe(values.subarray(start ?? 0, end).length);
      expect([...slice]).toEqual([...frame].slice(start, end));
    }
  });

  test("is a view of the same memory", () => {
    const value = Float64Array.of(1, 2, 3, 4);
    const whole = new Frame([
      { name: "value", type: "float64", data: value },
      { name: "wave", type: "complex64", data: new Float32Array(8) },
      { name: "name", type: "<U0", data: encodeStrings(["a", "b", "c", "d"]) },
    ]);
    const slice = whole.slice(1).slice(1, 2);
    value[2] = 30;
    expect(slice.get("value")).toEqual(Float64Array.of(30));
    expect(slice.get("name")).toEqual(["c"]);
    const buffers = (each: Frame) =>
      each.parts().map(({ data }) => ("bytes" in data ? data.bytes.buffer : (data as Float64Array).buffer));
    expect(buffers(slice)).toEqual(buffers(whole));
    expect(slice).toBeInstanceOf(Frame);
    expect(slice.type("wave")).toBe("complex64");
  });
});

describe("JSON", () => {
  test("has times as text, integers as numbers, and null for what is missing", () => {
    expect(JSON.parse(JSON.stringify(frame))).toEqual([
      {
        time: "2026-03-01T00:00:00Z",
        value: 1.5,
        count: 1,
        name: "é",
        ok: true,
        wave: [1, 2],
        more: { a: [1] },
      },
      {
        time: "2026-03-02T00:00:00Z",
        value: null,
        count: "1152921504606846976",
        name: "",
        ok: false,
        wave: [3, 4],
        more: null,
      },
      {
        time: "2026-03-03T00:00:00Z",
        value: -3,
        count: -7,
        name: "🙂",
        ok: true,
        wave: [5, 6],
        more: "x",
      },
    ]);
  });

  const NAT = -(2n ** 63n);
  test.each([
    ["Y", 56n, "2026"],
    ["M", -1n, "1969-12"],
    ["W", 2_930n, "2026-02-26"],
    ["D", 20_513n, "2026-03-01"],
    ["h", 492_312n + 5n, "2026-03-01T05:00Z"],
    ["m", -1n, "1969-12-31T23:59Z"],
    ["s", -1n, "1969-12-31T23:59:59Z"],
    ["ms", 1_772_323_200_007n, "2026-03-01T00:00:00.007Z"],
    ["us", 1_772_323_200_000_001n, "2026-03-01T00:00:00.000001Z"],
    ["ns", -1n, "1969-12-31T23:59:59.999999999Z"],
    ["s", 10n ** 17n, "100000000000000000"],
    ["s", NAT, null],
  ])("a time in %s: %s is %s", (unit, count, text) => {
    const times = (type: string) => new Frame([{ name: "t", type, data: BigInt64Array.of(count) }]);
    expect(times(`datetime64[${unit}]`).toJSON()).toEqual([{ t: text }]);
    const duration = count === NAT ? null : count === 10n ** 17n ? "100000000000000000" : Number(count);
    expect(times(`timedelta64[${unit}]`).toJSON()).toEqual([{ t: duration }]);
  });

  test("of a frame that was read as numbers has the same times, to the millisecond", () => {
    const times = (unit: string, ms: number) =>
      new Frame([{ name: "t", type: `datetime64[${unit}]`, data: Float64Array.of(ms) }]).toJSON();
    expect(times("D", 20_513 * 86_400_000)).toEqual([{ t: "2026-03-01" }]);
    expect(times("s", 1_772_323_200_000)).toEqual([{ t: "2026-03-01T00:00:00Z" }]);
    expect(times("us", 1_772_323_200_000.25)).toEqual([{ t: "2026-03-01T00:00:00.000Z" }]);
    expect(times("ns", -0.5)).toEqual([{ t: "1969-12-31T23:59:59.999Z" }]);
    expect(times("s", Number.NaN)).toEqual([{ t: null }]);
    expect(times("s", Number.POSITIVE_INFINITY)).toEqual([{ t: "Infinity" }]);
  });

  test("never fails", () => {
    const odd = new Frame([
      { name: "o", type: "object", data: [undefined, [2n ** 64n], { deep: { x: 1n } }] },
    ]);
    expect(JSON.parse(JSON.stringify(odd))).toEqual([
      { o: null },
      { o: ["18446744073709551616"] },
      { o: { deep: { x: 1 } } },
    ]);
    const unsigned = new Frame([{ name: "u", type: "uint64", data: BigUint64Array.of(2n ** 64n - 1n, 5n) }]);
    expect(JSON.stringify(unsigned)).toBe('[{"u":"18446744073709551615"},{"u":5}]');
  });
});

describe("Node's console", () => {
  test("shows rows with times as text", () => {
    expect(inspect(frame.slice(0, 1))).toMatch(
      /^Frame\(1\) \[\s+\{\s+time: '2026-03-01T00:00:00Z',\s+value: 1.5/,
    );
    expect(inspect({ frame: frame.slice(0, 0) })).toBe("{ frame: Frame(0) [] }");
  });

  test("shows the first rows of a long one", () => {
    const text = inspect(new Frame([{ name: "v", type: "float64", data: new Float64Array(1e6) }]));
    expect(text).toMatch(/^Frame\(1000000\) first 20: \[/);
    expect(text.match(/v: 0/g)).toHaveLength(20);
  });
});
