import { deflateSync, gzipSync } from "node:zlib";
import { loadDecoder } from "numcodecs-wasm/decoder";
import { describe, expect, it, vi } from "vitest";
import { decodeChunk } from "../../src/codecs/chunk.ts";
import { decodeColumn } from "../../src/codecs/decode.ts";
import { encodeColumn } from "../../src/codecs/encode.ts";
import { MAX_CHUNK_BYTES, MAX_VALUES } from "../../src/codecs/limits.ts";
import { castColumn } from "../../src/model/cast.ts";
import { checkCodecs } from "../../src/model/check-codecs.ts";
import { parseDType } from "../../src/model/dtype.ts";
import { Schema } from "../../src/model/schema.ts";
import { type Bytes, fromHex } from "./vectors.ts";

const MB = 2 ** 20;
const ROWS = 1000;

/** A zstd frame of zeros: one block of four bytes for each 128 KiB of content. */
function zstdOfZeros(size: number): Bytes {
  const BLOCK = 128 << 10;
  const blocks = Math.ceil(size / BLOCK);
  const out = new Uint8Array(13 + 4 * blocks);
  const view = new DataView(out.buffer);
  view.setUint32(0, 0xfd2fb528, true);
  out[4] = 0xe0; // a single segment, content size in 8 bytes
  view.setBigUint64(5, BigInt(size), true);
  for (let i = 0; i < blocks; i++) {
    const length = Math.min(BLOCK, size - i * BLOCK);
    view.setUint32(13 + 4 * i, (length << 3) | 2 | (i === blocks - 1 ? 1 : 0), true);
  }
  return out;
}

/** A Blosc chunk of zeros, all of whose blocks are one stream. */
function bloscOfZeros(size: number): Bytes {
  const block = Math.min(size, 16 * MB);
  const blocks = Math.ceil(size / block);
  const stream = zstdOfZeros(block);
  const at = 16 + 4 * blocks;
  const out = new Uint8Array(Math.max(at + 4 + stream.length, Math.ceil(size / 65_536)));
  const view = new DataView(out.buffer);
  out.set([2, 1, 0x90, 8]);
  view.setUint32(4, size, true);
  view.setUint32(8, block, true);
  view.setUint32(12, out.length, true);
  for (let i = 0; i < blocks; i++) view.setUint32(16 + 4 * i, at, true);
  view.setUint32(at, stream.length, true);
  out.set(stream, at + 4);
  return out;
}

function lz4OfZeros(size: number): Bytes {
  const out = new Uint8Array(4 + Math.ceil(size / 255) + 16);
  new DataView(out.buffer).setUint32(0, size, true);
  return out;
}

/** Returns the largest buffer that is allocated meanwhile, in bytes. */
async function largestAllocation(work: () => Promise<unknown>): Promise<number> {
  let largest = 0;
  const grow = vi.spyOn(WebAssembly.Memory.prototype, "grow").mockImplementation(function (
    this: WebAssembly.Memory,
    pages: number,
  ) {
    throw new RangeError(`grew by ${pages} pages ${this.buffer.byteLength}`);
  });
  const Original = globalThis.Uint8Array;
  class Watched extends Original<ArrayBuffer> {
    constructor(...args: unknown[]) {
      super(...(args as [ArrayBuffer]));
      if (typeof args[0] === "number") largest = Math.max(largest, args[0]);
    }
  }
  vi.stubGlobal("Uint8Array", Watched);
  try {
    await work();
  } finally {
    vi.unstubAllGlobals();
    grow.mockRestore();
  }
  return largest;
}

const zeros = (size: number) => new Uint8Array(size);

describe("a chunk of more than its rows is corrupt before memory is taken", () => {
  it.each([
    ["blosc", ["blosc"], bloscOfZeros(1000 * MB)],
    ["zstd", ["zstd"], zstdOfZeros(1000 * MB)],
    ["lz4", ["lz4"], lz4OfZeros(1000 * MB)],
    ["gzip", ["gzip"], gzipSync(zeros(64 * MB))],
    ["zlib", ["zlib"], deflateSync(zeros(64 * MB))],
    ["gzip in gzip", ["gzip", "gzip"], gzipSync(gzipSync(zeros(64 * MB)))],
    ["gzip in gzip of the right size", ["gzip", "gzip"], gzipSync(gzipSync(gzipSync(zeros(64 * MB))))],
    ["zstd in gzip", ["gzip", "zstd"], zstdOfZeros(1000 * MB)],
    ["numbers in msgpack", ["msgpack2", "zstd"], zstdOfZeros(1000 * MB)],
    ["numbers in JSON", ["json2", "gzip"], gzipSync(zeros(64 * MB))],
  ])("%s", async (_, codecs, bytes) => {
    const task = { bytes: Uint8Array.from(bytes), name: "v", type: "float", codecs, rows: ROWS };
    const largest = await largestAllocation(() =>
      expect(decodeChunk(task)).rejects.toMatchObject({
        code: "corrupt",
        message: expect.stringContaining('"v"'),
      }),
    );
    expect(largest).toBeLessThan(2 * MB);
  });

  it("for rows that take more than a chunk may have", async () => {
    const rows = MAX_CHUNK_BYTES / 8 + 1;
    const bytes = bloscOfZeros(2 ** 31 - 32 * MB);
    await expect(
      decodeChunk({ bytes, name: "v", type: "float", codecs: ["blosc"], rows }),
    ).rejects.toMatchObject({ code: "corrupt" });
  });

  it("for text that takes more than a chunk may have", async () => {
    const bytes = zstdOfZeros(MAX_CHUNK_BYTES + 1);
    const codecs = ["msgpack2", "zstd"];
    const work = () =>
      expect(decodeChunk({ bytes, name: "v", type: "str", codecs, rows: ROWS })).rejects.toMatchObject({
        code: "corrupt",
      });
    expect(await largestAllocation(work)).toBeLessThan(2 * MB);
  });
});

const PIPELINES: [type: string, items: unknown[]][] = [
  ["float", [1, 2, 3]],
  ["float | zstd", [1, 2, 3]],
  ["float | lz4", [1, 2, 3]],
  ["float | gzip | zlib | gzip", [1, 2, 3]],
  ["float | shuffle | zstd", [1, 2, 3]],
  ["float | msgpack2 | zstd", [1.5, 2.5, 3.5]],
  ["float | json2", [1.5, Number.NaN, 3.5]],
  ["float16", [1, 2, 3]],
  ["U3", ["a", "äöü", "😀😀😀"]],
  ["U3 | json2 | zlib", ["a", "äöü", "😀😀😀"]],
  ["S3", ["a", "bc", "def"]],
  ["str", ["a", "b", "c"]],
  ["str | vlen-utf8", ["a", "b", "c"]],
  ["str | json2", ["a", "b", "c"]],
  ["O", [{ a: 1 }, null, [1, 2]]],
  ["O | json2 | gzip", [{ a: 1 }, null, [1, 2]]],
];

describe.each(PIPELINES)("%s", (type, items) => {
  it("decodes with the rows that it has, and with no others", async () => {
    const column = new Schema({ t: "int*", v: type }).column("v");
    const bytes = await encodeColumn(castColumn(column, items), column);
    const { dtype, codecs, name } = column;
    for (const rows of [undefined, 3]) {
      const decoded = await decodeColumn(bytes, { name, dtype, codecs }, { rows });
      expect(decoded.column.length).toBe(3);
    }
    for (const rows of [0, 2, 4, 1e6, 2 ** 31 - 1]) {
      await expect(decodeColumn(bytes, { name, dtype, codecs }, { rows })).rejects.toMatchObject({
        code: "corrupt",
        message: expect.stringContaining('Column "v"'),
      });
    }
  });
});

it("no bytes are no rows", async () => {
  const encoding = { name: "v", dtype: parseDType("float"), codecs: ["blosc"] };
  await expect(decodeColumn(zeros(0), encoding, { rows: 1 })).rejects.toMatchObject({ code: "corrupt" });
  expect((await decodeColumn(zeros(0), encoding, { rows: 0 })).column).toHaveLength(0);
});

describe("more values than a chunk can have are corrupt before they are made", () => {
  const bomb = (head: string, fill: number) => {
    const bytes = new Uint8Array(MAX_VALUES + 10).fill(fill);
    bytes.set(fromHex(head));
    return bytes;
  };
  it.each([
    ["empty lists in msgpack", "msgpack2", "O", bomb("dd01000001", 0x90)],
    ["empty strings in msgpack", "msgpack2", "str", bomb("dd01000004", 0xa0)],
    ["empty lists in JSON", "json2", "O", bomb("5b", 0x2c)],
  ])("%s", async (_, codec, type, bytes) => {
    const encoding = { name: "v", dtype: parseDType(type), codecs: [codec] };
    await expect(decodeColumn(bytes, encoding)).rejects.toThrow(/more than 16777216 values/);
  });

  it("commas and brackets in strings do not count", async () => {
    const content = String.raw`,[{:\"`.repeat(3 * 2 ** 20);
    const text = `["${content}", "|O", [1]]`;
    const encoding = { name: "v", dtype: parseDType("O"), codecs: ["json2"] };
    expect((await decodeColumn(new TextEncoder().encode(text), encoding)).column).toHaveLength(1);
  });
});

it("more than eight codecs are refused by writers and by readers", async () => {
  const codecs = Array.from({ length: 9 }, () => "gzip");
  const { columns } = new Schema({ t: `int* | ${codecs.join(" | ")}` });
  expect(() => checkCodecs(columns[0]!)).toThrow("at most 8 codecs");
  await expect(
    decodeColumn(gzipSync(zeros(8)), { name: "v", dtype: parseDType("float"), codecs }),
  ).rejects.toMatchObject({ code: "unsupported-codec" });
});

it("a decoder gives back its memory after a decode that fails", async () => {
  const decoder = await loadDecoder();
  const memories: WebAssembly.Memory[] = [];
  const grow = WebAssembly.Memory.prototype.grow;
  const spy = vi.spyOn(WebAssembly.Memory.prototype, "grow").mockImplementation(function (
    this: WebAssembly.Memory,
    pages: number,
  ) {
    memories.push(this);
    return grow.call(this, pages);
  });
  const frame = zstdOfZeros(100 * MB);
  frame[frame.length - 4]! |= 6; // the last block has an unknown type
  try {
    for (let i = 0; i < 4; i++) {
      expect(() => decoder.zstdDecode(frame, zeros(100 * MB))).toThrow("Corrupt zstd");
    }
  } finally {
    spy.mockRestore();
  }
  // A memory that is kept would not have to grow again.
  expect(memories).toHaveLength(4);
  expect(new Set(memories).size).toBe(4);
});
