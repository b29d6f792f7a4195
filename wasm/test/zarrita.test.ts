import NpmBlosc from "numcodecs/blosc";
import NpmLZ4 from "numcodecs/lz4";
import NpmZstd from "numcodecs/zstd";
import { afterEach, describe, expect, test } from "vitest";
import * as zarr from "zarrita";
import { Blosc, CodecError, LZ4, Zstd } from "../src/index.ts";
import { bytesOf, input, timestamps, walk } from "./inputs.ts";

const names = ["blosc", "zstd", "lz4"].flatMap((name) => [name, `numcodecs.${name}`]);
const originals = names.map((name) => zarr.registry.get(name)!);

/** Puts our codecs where zarrita has those of npm numcodecs, as the README says. */
function register(): void {
  for (const prefix of ["", "numcodecs."]) {
    zarr.registry.set(`${prefix}blosc`, async () => Blosc);
    zarr.registry.set(`${prefix}zstd`, async () => Zstd);
    zarr.registry.set(`${prefix}lz4`, async () => LZ4);
  }
}

function restore(): void {
  for (const [i, name] of names.entries()) zarr.registry.set(name, originals[i]!);
}

afterEach(restore);

const SHAPE = [5000];
const CHUNKS = [2000];
const values = walk(SHAPE[0]!);

/** A zarr 2 array: zarrita writes only version 3, so its metadata are made here. */
function v2Metadata(compressor: object): Uint8Array {
  const metadata = {
    zarr_format: 2,
    shape: SHAPE,
    chunks: CHUNKS,
    dtype: "<f8",
    order: "C",
    filters: null,
    fill_value: 0,
  };
  return new TextEncoder().encode(JSON.stringify({ ...metadata, compressor }));
}

const store = () => new Map<zarr.AbsolutePath, Uint8Array>();

async function readAll(from: Map<zarr.AbsolutePath, Uint8Array>): Promise<unknown> {
  const array = await zarr.open(from, { kind: "array" });
  return (await zarr.get(array)).data;
}

async function writeAll(to: Map<zarr.AbsolutePath, Uint8Array>): Promise<void> {
  const array = await zarr.open(to, { kind: "array" });
  await zarr.set(array as zarr.Array<"float64", typeof to>, null, {
    data: values,
    shape: SHAPE,
    stride: [1],
  });
}

describe("registered in zarrita", () => {
  const compressors = [
    { id: "blosc", cname: "zstd", clevel: 5, shuffle: 2, blocksize: 0 },
    { id: "blosc", cname: "lz4", clevel: 5, shuffle: 1, blocksize: 0 },
    { id: "blosc", cname: "blosclz", clevel: 9, shuffle: 0, blocksize: 4096 },
    { id: "zstd", level: 3 },
    { id: "lz4", acceleration: 1 },
  ];

  test.each(compressors)("zarr 2 with numcodecs' $id $cname", async (compressor) => {
    const byOurs = store().set("/.zarray", v2Metadata(compressor));
    const byNpm = store().set("/.zarray", v2Metadata(compressor));
    await writeAll(byNpm);
    register();
    await writeAll(byOurs);
    expect([...byOurs.keys()].toSorted()).toEqual([...byNpm.keys()].toSorted());
    expect(await readAll(byOurs)).toEqual(values);
    expect(await readAll(byNpm)).toEqual(values);
    restore();
    expect(await readAll(byOurs)).toEqual(values);
  });

  const codecs = [
    {
      name: "blosc",
      configuration: { cname: "zstd", clevel: 5, shuffle: "bitshuffle", typesize: 8, blocksize: 0 },
    },
    { name: "zstd", configuration: { level: 1, checksum: true } },
  ];

  test.each(codecs)("zarr 3 with $name", async (codec) => {
    register();
    const written = store();
    const bytes = { name: "bytes", configuration: { endian: "little" } };
    await zarr.create(written, {
      shape: SHAPE,
      chunkShape: CHUNKS,
      dtype: "float64",
      codecs: [bytes, codec],
    });
    await writeAll(written);
    expect(written.size).toBe(4);
    expect(await readAll(written)).toEqual(values);
    restore();
    if (codec.name === "zstd") expect(await readAll(written)).toEqual(values);
    // npm's Blosc knows no names of shuffles, but its decoder reads the chunks.
    else
      expect((await NpmBlosc.fromConfig({ id: "blosc" }).decode(written.get("/c/0")!)).length).toBe(16_000);
  });

  test("the data type gives the element size", async () => {
    const codec = Blosc.fromConfig({ cname: "zstd", shuffle: 2 }, { dataType: "float64" });
    const chunk = await codec.encode(bytesOf(values));
    expect(chunk[3]).toBe(8);
    expect((await Blosc.fromConfig({}).encode(bytesOf(values)))[3]).toBe(4);
    expect((await Blosc.fromConfig({}, { dataType: "v2:U5" }).encode(bytesOf(values)))[3]).toBe(20);
    expect((await Blosc.fromConfig({}, { dataType: "bool" }).encode(bytesOf(values)))[3]).toBe(1);
  });
});

describe("side by side with npm numcodecs", () => {
  const pairs = [
    ["blosc", Blosc.fromConfig({ cname: "lz4" }), NpmBlosc.fromConfig({ id: "blosc", cname: "lz4" })],
    ["zstd", Zstd.fromConfig(), NpmZstd.fromConfig({ id: "zstd" })],
    ["lz4", LZ4.fromConfig(), NpmLZ4.fromConfig({ id: "lz4" })],
  ] as const;

  test.each(pairs)("%s: each decodes what the other encodes", async (_name, ours, npm) => {
    for (const content of [bytesOf(timestamps(3000)), input("text"), input("noise-50k"), Uint8Array.of(1)]) {
      expect(Buffer.compare(await npm.decode(await ours.encode(content)), content)).toBe(0);
      expect(Buffer.compare(await ours.decode(await npm.encode(content)), content)).toBe(0);
    }
  });

  test.each(pairs)("%s: decodes into a given array, which must fit", async (_name, ours) => {
    const content = bytesOf(timestamps(1000));
    const encoded = await ours.encode(content);
    const out = new Uint8Array(content.length);
    expect(await ours.decode(encoded, out)).toBe(out);
    expect(out).toEqual(content);
    await expect(ours.decode(encoded, new Uint8Array(content.length - 1))).rejects.toMatchObject({
      code: "invalid",
    });
  });

  test("the automatic shuffle is bits for single bytes, else bytes", async () => {
    const flagsOf = async (typesize: number) =>
      (await Blosc.fromConfig({ shuffle: -1, typesize }).encode(input("text")))[2]!;
    expect((await flagsOf(1)) & 5).toBe(4);
    expect((await flagsOf(8)) & 5).toBe(1);
  });

  test("the codec ids are those of numcodecs", () => {
    expect([Blosc.codecId, Zstd.codecId, LZ4.codecId]).toEqual(["blosc", "zstd", "lz4"]);
  });
});

describe("configurations that cannot work", () => {
  test("unknown and missing compressors", () => {
    expect(() => Blosc.fromConfig({ cname: "snappy" })).toThrow(/snappy/);
    expect(() => Blosc.fromConfig({ cname: "brotli" })).toThrow(CodecError);
    expect(() => Blosc.fromConfig({ shuffle: 3 })).toThrow(/shuffle/);
    expect(() => Blosc.fromConfig({ shuffle: "shuffled" })).toThrow(/shuffle/);
  });

  test("lz4 data that claims more than it can hold", async () => {
    const bomb = Uint8Array.of(0xff, 0xff, 0xff, 0x7f, 1, 2, 3);
    await expect(LZ4.fromConfig().decode(bomb)).rejects.toMatchObject({ code: "corrupt" });
    await expect(LZ4.fromConfig().decode(bomb.subarray(0, 3))).rejects.toMatchObject({ code: "corrupt" });
  });
});
