import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import {
  Blosc,
  type Codec,
  type Decoder,
  type Encoder,
  LZ4,
  loadDecoder,
  loadEncoder,
  Zstd,
} from "../src/index.ts";
import { input } from "./inputs.ts";

/** See make_vectors.py. */
interface Case {
  input: string;
  codec: "blosc" | "zstd" | "lz4";
  cname?: "blosclz" | "lz4" | "lz4hc" | "zstd";
  clevel?: number;
  shuffle?: number;
  typesize?: number;
  blocksize?: number;
  level?: number;
  acceleration?: number;
  sha1: string;
  numcodecs_sha1?: string;
  numcodecs_hex?: string;
}

const lines = readFileSync(new URL("./vectors.jsonl", import.meta.url), "utf8")
  .trim()
  .split("\n");
const header = JSON.parse(lines[0]!) as { inputs: Record<string, string> };
const cases = lines.slice(1).map((line) => JSON.parse(line) as Case);

const sha1 = (bytes: Uint8Array) => createHash("sha1").update(bytes).digest("hex");

function codecOf(example: Case): Codec {
  const { codec, cname, clevel, shuffle, typesize, blocksize, level, acceleration } = example;
  if (codec === "blosc") return Blosc.fromConfig({ cname, clevel, shuffle, typesize, blocksize });
  return codec === "zstd" ? Zstd.fromConfig({ level }) : LZ4.fromConfig({ acceleration });
}

test.each(Object.entries(header.inputs))("the input %s is that of the Python script", (name, digest) => {
  expect(sha1(input(name))).toBe(digest);
});

describe.each(Object.keys(header.inputs))("%s", (name) => {
  test("is encoded byte for byte as by the native libraries, and decoded again", async () => {
    const wrong: Case[] = [];
    for (const example of cases.filter((one) => one.input === name)) {
      const encoded = await codecOf(example).encode(input(name));
      const decoded = await codecOf(example).decode(encoded);
      if (sha1(encoded) !== example.sha1 || Buffer.compare(decoded, input(name)) !== 0) wrong.push(example);
    }
    expect(wrong).toEqual([]);
  });
});

test("what Python numcodecs wrote is decoded", async () => {
  const stored = cases.filter((example) => example.numcodecs_hex !== undefined);
  expect(stored.length).toBeGreaterThan(40);
  for (const example of stored) {
    const decoded = await codecOf(example).decode(Buffer.from(example.numcodecs_hex!, "hex"));
    expect(Buffer.compare(decoded, input(example.input)), JSON.stringify(example)).toBe(0);
  }
});

describe("all element sizes, filters and lengths survive", () => {
  let decoder: Decoder;
  let encoder: Encoder;
  beforeAll(async () => {
    [decoder, encoder] = await Promise.all([loadDecoder(), loadEncoder()]);
  });

  const lengths = [0, 1, 7, 127, 128, 129, 1000, 4096, 65536, 300_001];
  const typesizes = [1, 2, 3, 4, 5, 7, 8, 12, 16, 17, 20, 31, 32, 255];

  test.each(["blosclz", "lz4", "lz4hc", "zstd"] as const)("%s", (cname) => {
    const source = input("walk-90001");
    for (const shuffle of ["none", "byte", "bit"] as const) {
      for (const typesize of typesizes) {
        for (const length of lengths) {
          const content = source.subarray(0, length);
          const chunk = encoder.bloscEncode(content, { cname, clevel: 5, shuffle, typesize, blocksize: 0 });
          const decoded = new Uint8Array(length);
          decoder.bloscDecode(chunk, decoded);
          expect(Buffer.compare(decoded, content), `${shuffle} ${typesize} ${length}`).toBe(0);
        }
      }
    }
  });
});
