import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { Schema, type SchemaDump } from "../../src/model/schema.ts";

const golden = new URL("../golden/", import.meta.url);
const goldens: [name: string, SchemaDump][] = readdirSync(golden)
  .filter((file) => file.endsWith(".expected.json"))
  .flatMap((file) => {
    const { collections } = JSON.parse(readFileSync(new URL(file, golden), "utf8"));
    return Object.entries<{ schema: SchemaDump }>(collections).map(
      ([label, { schema }]): [string, SchemaDump] => [`${file.split(".")[0]}/${label}`, schema],
    );
  });

describe("schemas in a registry by Python", () => {
  test.each(goldens)("%s loads and dumps", (_, dump) => {
    const schema = Schema.load(dump);
    expect(JSON.stringify(schema.dump())).toBe(JSON.stringify(dump));
    expect(schema.equals(Schema.load(dump))).toBe(true);
    expect(schema.index.map(({ name }) => name)).toEqual(
      Object.keys(dump.columns).filter((name) => dump.columns[name]!.idx),
    );
  });

  test.each([
    ["a_quickstart", Object.entries({ timestamp: "timestamp*", value: "float" })],
    ["c_multi_index", Object.entries({ timestamp: "timestamp*", pubtime: "timestamp*", value: "float" })],
    [
      "d_dtypes",
      Object.entries({ t: "timestamp*", i: "int", f: "float", ts: "timestamp", d: "date", s: "str", o: "O" }),
    ],
  ])("the same as of %s from its types", (name, columns) => {
    const [, dump] = goldens.find(([title]) => title.startsWith(name))!;
    expect(JSON.stringify(new Schema(Object.fromEntries(columns)).dump())).toBe(JSON.stringify(dump));
  });

  test("key-value", () => {
    const [, dump] = goldens.find(([title]) => title.startsWith("e_kv"))!;
    const schema = Schema.kv({ label: "str*", meta: "O" });
    expect(schema.dump()).toEqual(dump);
    expect(schema.kind).toBe("kv");
    expect(Schema.load(dump).kind).toBe("kv");
  });

  test("codecs that this library lacks, and long names of types", () => {
    const columns = {
      t: { dt: "<M8[s]", codecs: ["blosc"], idx: true },
      v: { dt: "float64", codecs: ["bz2"], idx: false },
    };
    const schema = Schema.load({ kind: null, columns });
    expect(schema.column("v").codecs).toEqual(["bz2"]);
    expect(schema.dump().columns.t!.dt).toBe("datetime64[s]");
  });

  test("columns named by digits load, in JavaScript's order", () => {
    const column = (idx: boolean) => ({ dt: "int64", codecs: ["blosc"], idx });
    const dump = JSON.parse(JSON.stringify({ kind: null, columns: { k: column(true), 2: column(false) } }));
    expect(Schema.load(dump).columns.map(({ name }) => name)).toEqual(["2", "k"]);
  });

  test.each([
    ["no index", { a: { dt: "int64", codecs: ["blosc"], idx: false } }, "invalid-schema", "index"],
    ["an unknown type", { a: { dt: ">f8", codecs: ["blosc"], idx: true } }, "invalid-schema", 'Column "a"'],
    ["no type", { a: { codecs: ["blosc"], idx: true } }, "invalid-argument", "what dump() returns"],
    ["no column", { a: null }, "invalid-argument", "what dump() returns"],
    [
      "a codec that is no text",
      { a: { dt: "int64", codecs: [1], idx: true } },
      "invalid-argument",
      "what dump() returns",
    ],
    ["no codecs", { a: { dt: "int64", idx: true } }, "invalid-argument", "what dump() returns"],
  ])("%s is refused", (_, columns, code, message) => {
    const load = () => Schema.load({ kind: null, columns: columns as unknown as SchemaDump["columns"] });
    expect(load).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) }));
  });
});

test("a stored schema keeps a column named __proto__", () => {
  const dump = JSON.parse(
    '{"kind":null,"columns":{"__proto__":{"dt":"int64","codecs":["blosc"],"idx":true}}}',
  ) as SchemaDump;
  expect(JSON.stringify(Schema.load(dump).dump())).toBe(JSON.stringify(dump));
});

describe("types", () => {
  test.each([
    ["float", "float64", ["blosc"], false],
    ["float*", "float64", ["blosc"], true],
    ["  float  *  ", "float64", ["blosc"], true],
    ["float | zstd", "float64", ["zstd"], false],
    ["float|zstd", "float64", ["zstd"], false],
    [" int *|blosc|  gzip ", "int64", ["blosc", "gzip"], true],
    ["M8[ms] | shuffle | lz4", "datetime64[ms]", ["shuffle", "lz4"], false],
    ["str", "<U0", ["msgpack2", "zstd"], false],
    ["str*|vlen-utf8|zstd", "<U0", ["vlen-utf8", "zstd"], true],
    ["O | json2", "object", ["json2"], false],
    ["O | vlen-utf8", "object", ["vlen-utf8"], false],
    ["U5", "<U5", ["blosc"], false],
    ["S5 | msgpack2", "|S5", ["msgpack2"], false],
    ["M8[ns] | msgpack2", "datetime64[ns]", ["msgpack2"], false],
  ])("%j", (type, name, codecs, index) => {
    const column = new Schema({ key: "int*", c: type }).column("c");
    expect(column).toMatchObject({ dtype: { name }, codecs, index });
  });

  test.each([
    ["", "invalid-schema", "is not a type"],
    ["*", "invalid-schema", "is not a type"],
    ["float zstd", "invalid-schema", "is not a type"],
    ["float |", "invalid-schema", "is not a type"],
    ["float || zstd", "invalid-schema", "is not a type"],
    ["float | zstd *", "invalid-schema", "is not a type"],
    ["float **", "invalid-schema", "is not a type"],
    ["number", "invalid-schema", 'Unknown column type "number"'],
    ["O *", "invalid-schema", "has no order"],
    ["c16 *", "invalid-schema", "has no order"],
  ])("%j is refused", (type, code, message) => {
    const make = () => new Schema({ key: "int*", "the column": type });
    expect(make).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) }));
    expect(make).toThrow('Column "the column"');
  });

  test.each(["", "1", "007", "__proto__"])("a column named %j is refused", (name) => {
    const columns = Object.fromEntries([
      ["key", "int*"],
      [name, "float"],
    ]);
    expect(() => new Schema(columns)).toThrow(expect.objectContaining({ code: "invalid-schema" }));
  });

  test("an index is needed", () => {
    const refusal = { code: "invalid-schema", message: expect.stringContaining("mark a column with *") };
    expect(() => new Schema({ a: "float" })).toThrow(expect.objectContaining(refusal));
    expect(() => new Schema({})).toThrow(expect.objectContaining(refusal));
  });
});

describe("columns", () => {
  const schema = new Schema({ z: "str*", b: "float", a: "int*" });

  test("keep their order, and the index columns theirs", () => {
    expect(schema.columns.map(({ name }) => name)).toEqual(["z", "b", "a"]);
    expect(schema.index.map(({ name }) => name)).toEqual(["z", "a"]);
    expect(Object.keys(schema.dump().columns)).toEqual(["z", "b", "a"]);
  });

  test("are found by name", () => {
    expect(schema.column("b").dtype.name).toBe("float64");
    const missing = { code: "invalid-argument", message: 'No column "c". This collection has: z, b, a.' };
    expect(() => schema.column("c")).toThrow(expect.objectContaining(missing));
  });

  test("make a schema equal: their names, types, codecs, index, order, and the kind", () => {
    expect(schema.equals(new Schema({ z: "U *", b: "f8 | blosc", a: "i8*" }))).toBe(true);
    for (const other of [
      { z: "str*", b: "float" },
      { z: "str*", b: "float", a: "int*", c: "int" },
      { b: "float", z: "str*", a: "int*" },
      { z: "str*", b: "float", a: "int" },
      { z: "str*", b: "f4", a: "int*" },
      { z: "str*", b: "float | zstd", a: "int*" },
    ] as Record<string, string>[]) {
      expect(schema.equals(new Schema(other)), JSON.stringify(other)).toBe(false);
    }
    expect(schema.equals(Schema.kv({ z: "str*", b: "float", a: "int*" }))).toBe(false);
  });

  test("a dump is a new object", () => {
    schema.dump().columns.b!.codecs.push("gzip");
    expect(schema.column("b").codecs).toEqual(["blosc"]);
  });
});
