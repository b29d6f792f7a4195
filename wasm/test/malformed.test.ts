import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { CodecError, type Decoder, type Encoder, loadDecoder, loadEncoder } from "../src/index.ts";
import { input } from "./inputs.ts";

let decoder: Decoder;
let encoder: Encoder;
beforeAll(async () => {
  [decoder, encoder] = await Promise.all([loadDecoder(), loadEncoder()]);
});

const BYTES_AROUND = 64;

/** Decodes into the middle of a larger buffer, and proves that nothing outside was written. */
function guarded(size: number, decode: (dst: Uint8Array) => void): "decoded" | CodecError {
  const buffer = new Uint8Array(size + 2 * BYTES_AROUND).fill(0xa5);
  const dst = buffer.subarray(BYTES_AROUND, BYTES_AROUND + size);
  let outcome: "decoded" | CodecError = "decoded";
  try {
    decode(dst);
  } catch (error) {
    expect(error).toBeInstanceOf(CodecError);
    outcome = error as CodecError;
  }
  const around = [...buffer.subarray(0, BYTES_AROUND), ...buffer.subarray(BYTES_AROUND + size)];
  expect(around.every((byte) => byte === 0xa5)).toBe(true);
  return outcome;
}

const chunkOptions = fc.record({
  cname: fc.constantFrom("blosclz", "lz4", "lz4hc", "zstd" as const),
  shuffle: fc.constantFrom("none", "byte", "bit" as const),
  typesize: fc.constantFrom(1, 3, 4, 8),
  blocksize: fc.constantFrom(0, 1024),
  clevel: fc.constantFrom(1, 5),
});
const contents = fc
  .constantFrom("walk-90001", "text", "zeros-300k-u1", "noise-i2-70001")
  .map((name) => input(name));
/** Positions as fractions, bits to flip there. */
const damage = fc.array(
  fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 1, max: 255 })),
  {
    minLength: 1,
    maxLength: 8,
  },
);

function damaged(chunk: Uint8Array, flips: [number, number][], from = 0): Uint8Array {
  const copy = chunk.slice();
  for (const [where, bits] of flips) {
    const at = Math.min(copy.length - 1, from + Math.floor(where * (copy.length - from)));
    copy[at] = copy[at]! ^ bits;
  }
  return copy;
}

describe("damaged input gives an error or other bytes, never more", () => {
  test("blosc chunks with flipped bits", () => {
    fc.assert(
      fc.property(
        contents,
        chunkOptions,
        fc.integer({ min: 200, max: 6000 }),
        damage,
        (content, options, size, flips) => {
          const chunk = encoder.bloscEncode(content.subarray(0, size), options);
          guarded(size, (dst) => decoder.bloscDecode(damaged(chunk, flips), dst));
          // The same with an intact header, so that the streams themselves are reached.
          guarded(size, (dst) => decoder.bloscDecode(damaged(chunk, flips, 16), dst));
        },
      ),
      { numRuns: 1500 },
    );
  });

  test("zstd frames and lz4 blocks with flipped bits", () => {
    fc.assert(
      fc.property(contents, fc.integer({ min: 1, max: 6000 }), damage, (content, size, flips) => {
        const bytes = content.subarray(0, size);
        const frame = damaged(encoder.zstdEncode(bytes, 3), flips);
        guarded(size, (dst) => decoder.zstdDecode(frame, dst));
        guarded(0, () => decoder.zstdDecodeAll(frame));
        guarded(size, (dst) => decoder.lz4Decode(damaged(encoder.lz4Encode(bytes, 1), flips), dst));
      }),
      { numRuns: 1500 },
    );
  });

  test("random bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 0, max: 2000 }), (bytes, size) => {
        guarded(size, (dst) => decoder.bloscDecode(bytes, dst));
        guarded(size, (dst) => decoder.zstdDecode(bytes, dst));
        guarded(size, (dst) => decoder.lz4Decode(bytes, dst));
      }),
      { numRuns: 2000 },
    );
  });
});

describe("truncated input is an error", () => {
  test("blosc, zstd and lz4", () => {
    fc.assert(
      fc.property(
        contents,
        chunkOptions,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (content, options, where) => {
          const bytes = content.subarray(0, 5000);
          const cut = (encoded: Uint8Array) => encoded.subarray(0, Math.floor(where * (encoded.length - 1)));
          const decodes: ((dst: Uint8Array) => void)[] = [
            (dst) => decoder.bloscDecode(cut(encoder.bloscEncode(bytes, options)), dst),
            (dst) => decoder.zstdDecode(cut(encoder.zstdEncode(bytes, 1)), dst),
            (dst) => decoder.lz4Decode(cut(encoder.lz4Encode(bytes, 1)), dst),
          ];
          for (const decode of decodes)
            expect(guarded(bytes.length, decode)).toMatchObject({ code: "corrupt" });
        },
      ),
      { numRuns: 500 },
    );
  });

  test("a truncated chunk whose header was made to fit", () => {
    const bytes = input("walk-90001");
    const options = { cname: "zstd", clevel: 5, shuffle: "bit", typesize: 8, blocksize: 65536 } as const;
    const chunk = encoder.bloscEncode(bytes, options);
    fc.assert(
      fc.property(fc.integer({ min: 17, max: chunk.length - 1 }), (length) => {
        const short = chunk.slice(0, length);
        new DataView(short.buffer).setUint32(12, length, true);
        expect(guarded(bytes.length, (dst) => decoder.bloscDecode(short, dst))).toMatchObject({
          code: "corrupt",
        });
      }),
      { numRuns: 200 },
    );
  });
});

/** A chunk of chosen header fields and one stream. */
function forged(
  fields: { flags: number; nbytes: number; blocksize?: number; typesize?: number },
  stream: Uint8Array,
) {
  const chunk = new Uint8Array(24 + stream.length);
  const view = new DataView(chunk.buffer);
  chunk.set([2, 1, fields.flags, fields.typesize ?? 1]);
  view.setUint32(4, fields.nbytes, true);
  view.setUint32(8, fields.blocksize ?? fields.nbytes, true);
  view.setUint32(12, chunk.length, true);
  view.setUint32(16, 20, true);
  view.setUint32(20, stream.length, true);
  chunk.set(stream, 24);
  return chunk;
}

describe("hostile headers", () => {
  const GIGABYTES = 2 ** 31 - 17;

  test("content of 2 GB is refused before memory is asked for", () => {
    const chunk = forged({ flags: 0x90, nbytes: GIGABYTES }, new Uint8Array(50));
    expect(guarded(100, (dst) => decoder.bloscDecode(chunk, dst))).toMatchObject({ code: "corrupt" });
  });

  test.each([0, 1, 4])("a block that claims 2 GB, compressor %i", (format) => {
    const chunk = forged({ flags: (format << 5) | 0x10, nbytes: GIGABYTES }, new Uint8Array(9000).fill(0xff));
    expect(guarded(10, (dst) => decoder.bloscDecode(chunk, dst))).toMatchObject({ code: "corrupt" });
  });

  test("more than the content has is invalid", () => {
    const chunk = encoder.bloscEncode(new Uint8Array(1000), {
      cname: "lz4",
      clevel: 5,
      shuffle: "none",
      typesize: 1,
      blocksize: 0,
    });
    expect(guarded(1001, (dst) => decoder.bloscDecode(chunk, dst))).toMatchObject({ code: "invalid" });
    for (const offset of [-1, 0.5, 1, Number.NaN]) {
      expect(guarded(1000, (dst) => decoder.bloscDecode(chunk, dst, offset))).toMatchObject({
        code: "invalid",
      });
    }
  });

  test.each([
    ["no bytes", new Uint8Array(0), "corrupt"],
    ["an element size of 0", forged({ flags: 0x90, nbytes: 100, typesize: 0 }, new Uint8Array(9)), "corrupt"],
    ["blocks of 0 bytes", forged({ flags: 0x90, nbytes: 100, blocksize: 0 }, new Uint8Array(9)), "corrupt"],
    [
      "blocks larger than the content",
      forged({ flags: 0x90, nbytes: 9, blocksize: 10 }, new Uint8Array(9)),
      "corrupt",
    ],
    [
      "an index larger than the chunk",
      forged({ flags: 0x90, nbytes: 99, blocksize: 1 }, new Uint8Array(9)),
      "corrupt",
    ],
    ["a compressor nobody knows", forged({ flags: 0xb0, nbytes: 100 }, new Uint8Array(9)), "corrupt"],
    ["the format of Blosc 2", forged({ flags: 0x98, nbytes: 100 }, new Uint8Array(9)), "unsupported"],
    ["snappy", forged({ flags: 0x50, nbytes: 100 }, new Uint8Array(9)), "unsupported"],
    ["zlib", forged({ flags: 0x70, nbytes: 100 }, new Uint8Array(9)), "unsupported"],
  ])("%s", (_name, chunk, code) => {
    expect(guarded(5, (dst) => decoder.bloscDecode(chunk, dst))).toMatchObject({ code });
  });

  test("a match length that overflows in blosclz", () => {
    // A literal, then a match whose length goes on in 9 MB of 0xff.
    const stream = new Uint8Array(9_000_000).fill(0xff);
    stream.set([0, 65, 0xe0]);
    const chunk = forged({ flags: 0x10, nbytes: 100_000_000 }, stream);
    expect(guarded(10, (dst) => decoder.bloscDecode(chunk, dst))).toMatchObject({ code: "corrupt" });
  });

  test("a frame that claims terabytes", () => {
    const frame = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0xe0, 0, 0, 0, 0, 0, 0x10, 0, 0, 1, 0, 0);
    expect(guarded(10, (dst) => decoder.zstdDecode(frame, dst))).toMatchObject({ code: "corrupt" });
    expect(guarded(10, () => decoder.zstdDecodeAll(frame))).toMatchObject({ code: "corrupt" });
  });
});
