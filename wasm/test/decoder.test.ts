import { readFile } from "node:fs/promises";
import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { CodecError, loadDecoder, loadEncoder, simdSupported } from "../src/index.ts";
import { input } from "./inputs.ts";

const [decoder, encoder] = await Promise.all([loadDecoder(), loadEncoder()]);

describe("bloscInfo", () => {
  test("tells what the header says", () => {
    const options = { cname: "lz4hc", clevel: 9, shuffle: "byte", typesize: 8, blocksize: 8192 } as const;
    const chunk = encoder.bloscEncode(input("timestamps-100k"), options);
    expect(decoder.bloscInfo(chunk)).toEqual({
      nbytes: 800_000,
      typesize: 8,
      blocksize: 65536,
      cbytes: chunk.length,
      compressor: "lz4",
      shuffle: "byte",
      stored: false,
      split: true,
    });
  });

  test("small content is stored", () => {
    const options = { cname: "zstd", clevel: 5, shuffle: "bit", typesize: 8, blocksize: 0 } as const;
    const info = decoder.bloscInfo(encoder.bloscEncode(input("three"), options));
    expect(info).toMatchObject({ nbytes: 24, cbytes: 40, stored: true });
  });
});

test("any part of a chunk can be decoded, straight into a part of a larger array", () => {
  const content = input("walk-90001");
  const chunks = (["blosclz", "zstd"] as const).map((cname) =>
    encoder.bloscEncode(content, { cname, clevel: 5, shuffle: "bit", typesize: 8, blocksize: 40_000 }),
  );
  const position = fc.integer({ min: 0, max: content.length });
  fc.assert(
    fc.property(fc.constantFrom(...chunks), position, position, (chunk, a, b) => {
      const [start, stop] = [Math.min(a, b), Math.max(a, b)];
      const whole = new Uint8Array(content.length).fill(0x5a);
      decoder.bloscDecode(chunk, whole.subarray(start, stop), start);
      expect(Buffer.compare(whole.subarray(start, stop), content.subarray(start, stop))).toBe(0);
      expect(whole.subarray(0, start).every((byte) => byte === 0x5a)).toBe(true);
      expect(whole.subarray(stop).every((byte) => byte === 0x5a)).toBe(true);
    }),
    { numRuns: 200 },
  );
});

test("blocks that are not needed are not looked at", () => {
  const content = input("walk-90001");
  const chunk = encoder.bloscEncode(content, {
    cname: "zstd",
    clevel: 5,
    shuffle: "bit",
    typesize: 8,
    blocksize: 65536,
  });
  chunk.fill(0xff, chunk.length - 1000);
  const first = new Uint8Array(1000);
  decoder.bloscDecode(chunk, first, 500);
  expect(Buffer.compare(first, content.subarray(500, 1500))).toBe(0);
  expect(() => decoder.bloscDecode(chunk, first, content.length - 1000)).toThrow(CodecError);
});

test("blocks in any order are read by their index", () => {
  const content = input("timestamps-100k").subarray(0, 16_384);
  const options = { cname: "zstd", clevel: 5, shuffle: "bit", typesize: 8, blocksize: 8192 } as const;
  const chunk = encoder.bloscEncode(content, options);
  const view = new DataView(chunk.buffer);
  const [first, second] = [view.getUint32(16, true), view.getUint32(20, true)];
  const swapped = chunk.slice();
  swapped.set(chunk.subarray(second), first);
  swapped.set(chunk.subarray(first, second), first + chunk.length - second);
  new DataView(swapped.buffer).setUint32(16, first + chunk.length - second, true);
  new DataView(swapped.buffer).setUint32(20, first, true);
  const decoded = new Uint8Array(content.length);
  decoder.bloscDecode(swapped, decoded);
  expect(Buffer.compare(decoded, content)).toBe(0);
});

describe("zstd", () => {
  test("the content size is read from the header", () => {
    for (const size of [0, 1, 255, 256, 65_791, 65_792, 300_000]) {
      expect(decoder.zstdSize(encoder.zstdEncode(new Uint8Array(size), 1))).toBe(size);
    }
    expect(() => decoder.zstdSize(Uint8Array.of(1, 2, 3, 4, 5))).toThrow(CodecError);
  });

  /** "hello" in one raw block, in a frame without content size, as streaming encoders write it. */
  const streamed = Uint8Array.of(
    0x28,
    0xb5,
    0x2f,
    0xfd,
    0x00,
    0x58,
    0x29,
    0,
    0,
    0x68,
    0x65,
    0x6c,
    0x6c,
    0x6f,
  );

  test("a frame without content size is decoded", () => {
    expect(decoder.zstdSize(streamed)).toBeUndefined();
    expect(new TextDecoder().decode(decoder.zstdDecodeAll(streamed))).toBe("hello");
    const dst = new Uint8Array(5);
    decoder.zstdDecode(streamed, dst);
    expect(new TextDecoder().decode(dst)).toBe("hello");
    expect(() => decoder.zstdDecode(streamed, new Uint8Array(6))).toThrow(CodecError);
    expect(() => decoder.zstdDecode(streamed, new Uint8Array(4))).toThrow(CodecError);
  });

  test("a checksum is written when asked for, and verified", () => {
    const frame = encoder.zstdEncode(input("text"), 3, true);
    expect(frame.length).toBe(encoder.zstdEncode(input("text"), 3).length + 4);
    expect(Buffer.compare(decoder.zstdDecodeAll(frame), input("text"))).toBe(0);
    frame[frame.length - 1]! ^= 1;
    expect(() => decoder.zstdDecodeAll(frame)).toThrow(CodecError);
  });
});

test("large work is done, and the memory that it took is given back", () => {
  const content = new Uint8Array(100_000_000);
  content.set(input("walk-90001"), 50_000_000);
  const frame = encoder.zstdEncode(content, 1);
  const decoded = new Uint8Array(content.length);
  decoder.zstdDecode(frame, decoded);
  expect(Buffer.compare(decoded, content)).toBe(0);
  // The decoder and the encoder that come after the replaced ones work as well.
  expect(Buffer.compare(decoder.zstdDecodeAll(encoder.zstdEncode(input("text"), 1)), input("text"))).toBe(0);
});

describe("loading", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });

  const wasm = () => readFile(new URL("../src/decoder.wasm", import.meta.url));
  /** The package as it is before anything is loaded. */
  const afresh = () => {
    vi.resetModules();
    return import("../src/index.ts");
  };

  test("one instance a thread", async () => {
    expect(await loadDecoder()).toBe(decoder);
  });

  test("without SIMD it is refused by name", async () => {
    const { loadDecoder, loadEncoder, simdSupported } = await afresh();
    vi.spyOn(WebAssembly, "validate").mockReturnValue(false);
    expect(simdSupported()).toBe(false);
    for (const load of [loadDecoder, loadEncoder]) {
      await expect(load()).rejects.toMatchObject({ name: "CodecError", code: "unsupported" });
    }
  });

  test("with SIMD it is not", () => {
    expect(simdSupported()).toBe(true);
  });

  test("a load that failed is tried again; bytes and compiled modules are accepted", async () => {
    const { loadDecoder } = await afresh();
    await expect(loadDecoder(Uint8Array.of(1, 2, 3))).rejects.toThrow(WebAssembly.CompileError);
    const loaded = await loadDecoder(await WebAssembly.compile(await wasm()));
    expect(Buffer.compare(loaded.zstdDecodeAll(encoder.zstdEncode(input("text"), 1)), input("text"))).toBe(0);
  });

  test.each(["application/wasm", "text/plain"])("from the network, served as %s", async (type) => {
    const { loadDecoder } = await afresh();
    const bytes = await wasm();
    vi.stubGlobal("fetch", async () => new Response(bytes, { headers: { "content-type": type } }));
    const loaded = await loadDecoder(new URL("https://example.org/decoder.wasm"));
    expect(loaded.zstdSize(encoder.zstdEncode(input("text"), 1))).toBe(input("text").length);
  });

  test("an address that is not there says so", async () => {
    const { loadDecoder } = await afresh();
    vi.stubGlobal("fetch", async () => new Response("", { status: 404 }));
    await expect(loadDecoder(new URL("https://example.org/decoder.wasm"))).rejects.toThrow("404");
  });
});

test("a trap in the module becomes an error, and the decoder starts anew", async () => {
  vi.resetModules();
  const fresh = await import("../src/index.ts");
  const name = (text: string) => [text.length, ...new TextEncoder().encode(text)];
  // A module whose zstd_content_size stops at `unreachable` the first time, and returns -1 the second time.
  const trapping = Uint8Array.of(
    ...[0, 97, 115, 109, 1, 0, 0, 0],
    ...[1, 14, 3, 96, 0, 0, 96, 0, 1, 127, 96, 2, 127, 127, 1, 124], // () -> (), () -> i32, (i32, i32) -> f64
    ...[3, 4, 3, 0, 1, 2], // one function of each
    ...[5, 3, 1, 0, 1], // a page of memory
    ...[6, 6, 1, 127, 1, 65, 0, 11], // a counter
    ...[7, 60, 4, ...name("memory"), 2, 0, ...name("_initialize"), 0, 0],
    ...[...name("scratch_start"), 0, 1, ...name("zstd_content_size"), 0, 2],
    ...[10, 32, 3, 2, 0, 11, 4, 0, 65, 0, 11],
    ...[22, 0, 35, 0, 4, 64, 68, 0, 0, 0, 0, 0, 0, 240, 191, 15, 11, 65, 1, 36, 0, 0, 11],
  );
  const trapped = await fresh.loadDecoder(trapping);
  for (const call of [1, 2]) {
    let thrown: unknown;
    try {
      trapped.zstdSize(new Uint8Array(10));
    } catch (error) {
      thrown = error;
    }
    const expected = { code: "corrupt", cause: expect.any(WebAssembly.RuntimeError) };
    expect(thrown, `call ${call}`).toMatchObject(expected);
  }
});

test("arguments out of range are named", () => {
  const good = { cname: "zstd", clevel: 5, shuffle: "bit", typesize: 8, blocksize: 0 } as const;
  const wrong = [{ clevel: 10 }, { clevel: 1.5 }, { typesize: 0 }, { typesize: 256 }, { blocksize: -1 }];
  for (const part of wrong) {
    const [name] = Object.keys(part);
    expect(() => encoder.bloscEncode(new Uint8Array(9), { ...good, ...part })).toThrow(name);
  }
  expect(() => encoder.zstdEncode(new Uint8Array(9), 23)).toThrow("level");
  expect(() => encoder.lz4Encode(new Uint8Array(9), 0)).toThrow("acceleration");
});
