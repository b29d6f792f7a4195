import { describe, expect, it } from "vitest";
import { checkPrefixes, checkRuns } from "../../src/interchange/parquet/check-encodings.ts";
import { readParquet, writeParquet } from "../../src/interchange.ts";
import { encodeStrings } from "../../src/model/encode-strings.ts";
import { LakotaError } from "../../src/model/errors.ts";
import { Frame } from "../../src/model/frame.ts";
import { bytesOf } from "./helpers.ts";

const frame = new Frame([
  { name: "timestamp", type: "datetime64[s]", data: BigInt64Array.of(1n, 2n, 3n) },
  { name: "value", type: "float64", data: Float64Array.of(1, 2, 3) },
  { name: "name", type: "<U0", data: encodeStrings(["a", "b", "é"]) },
  { name: "flag", type: "bool", data: Uint8Array.of(1, 0, 1) },
]);

/** A small file with optional and required columns, and text. */
const sample = async (): Promise<Uint8Array<ArrayBuffer>> =>
  Uint8Array.from(await bytesOf(writeParquet(frame)));

/** Reads all rows. Returns their number, or the code of a LakotaError. */
async function read(source: Blob | Uint8Array): Promise<number | string> {
  try {
    let rows = 0;
    for await (const frame of (await readParquet(source)).frames()) rows += frame.length;
    return rows;
  } catch (error) {
    if (error instanceof LakotaError) return error.code;
    throw error;
  }
}

it("a file with any byte changed is read, or refused", async () => {
  const file = await sample();
  expect(await read(new Blob([file]))).toBe(3);
  const found = new Set<number | string>();
  for (let at = 0; at < file.length; at++) {
    for (const value of [0, 0x7f, 0x80, 0xff, file[at]! ^ 1, file[at]! ^ 0x80]) {
      const damaged = file.slice();
      damaged[at] = value;
      found.add(await read(at % 2 ? new Blob([damaged]) : damaged));
    }
  }
  expect([...found].filter((outcome) => typeof outcome === "string").sort()).toEqual([
    "invalid-frame",
    "invalid-schema",
    "unsorted", // the damage is in the values
  ]);
});

it("a file that is cut anywhere is invalid-frame", async () => {
  const file = await sample();
  for (let end = 0; end < file.length; end += 7)
    expect(await read(new Blob([file.subarray(0, end)]))).toBe("invalid-frame");
});

it("an error of the source is passed on", async () => {
  const file = await sample();
  const gone = new Error("the file was removed");
  const slice = (start: number, end?: number) =>
    start > 0 ? file.buffer.slice(start, end) : Promise.reject(gone);
  await expect(readParquet({ byteLength: file.length, slice })).rejects.toBe(gone);
});

it("definition levels are checked where hyparquet reads them, after the repetition levels", async () => {
  const file = await sample();
  // Three values, none of them empty, in three rows, plain, with 2 and 0 bytes of levels; then the levels.
  const header = [0x15, 6, 0x15, 0, 0x15, 6, 0x15, 0, 0x15, 4, 0x15, 0, 0, 0];
  const at = file.findIndex((_, i) => header.every((byte, j) => file[i + j] === byte));
  expect(at).toBeGreaterThan(0);
  file.set([0x15, 2, 0x15, 2], at + 8); // 1 and 1
  file.set([6, 0xfe, 0xff, 0xff, 0xff, 0x0f, 1], at + header.length); // three ones, or a run of 2^31 - 1
  expect(await read(file)).toBe("invalid-frame");
});

describe("runs", () => {
  it.each([
    ["of 2^31 - 1 equal values", [0xfe, 0xff, 0xff, 0xff, 0x0f, 1]],
    ["of 2^31 packed values", [0xff, 0xff, 0xff, 0xff, 0x0f, 1]],
    ["after one that fits", [4, 1, 0x80, 0x80, 0x80, 0x10, 1]],
    // Without the byte that hyparquet reads of an empty packed run, it would be a run of 100.
    ["after empty packed ones", [1, 0xc8, 1, 7, 0xfe, 0xff, 0xff, 0xff, 0x0f, 1]],
  ])("%s in a page of 100 are refused", (_, bytes) => {
    expect(() => checkRuns(Uint8Array.from(bytes), 1, 100)).toThrow("damaged: a run of");
  });

  it("count the values of one bit that are 1", () => {
    expect(checkRuns(Uint8Array.of(8, 1, 3, 0b0101_0011), 1, 7)).toBe(4 + 2); // 4 ones; then 1, 1, 0 of eight
    expect(checkRuns(Uint8Array.of(8, 0, 8, 1), 1, 8)).toBe(4);
    expect(checkRuns(Uint8Array.of(16, 7), 3, 8)).toBe(0);
  });
});

describe("texts that repeat the start of the one before", () => {
  /** DELTA_BINARY_PACKED: one block of 128 values in four parts, all deltas the same. */
  const deltas = (first: number, delta: number) => [0x80, 1, 4, 3, first * 2, delta * 2, 0, 0, 0, 0];
  it("may be as long as they say together", () => {
    expect(() => checkPrefixes(Uint8Array.of(...deltas(0, 1), ...deltas(2, 0)), 3, 9)).not.toThrow();
    expect(() => checkPrefixes(Uint8Array.of(...deltas(0, 1), ...deltas(2, 0)), 3, 8)).toThrow(
      "more than 8 bytes",
    );
  });
  it("cannot repeat more than there is", () => {
    expect(() => checkPrefixes(Uint8Array.of(...deltas(0, 9), ...deltas(2, 0)), 3, 99)).toThrow(
      "repeats more",
    );
    expect(() => checkPrefixes(Uint8Array.of(...deltas(1, 0), ...deltas(2, 0)), 3, 99)).toThrow(
      "repeats more",
    );
  });
});
