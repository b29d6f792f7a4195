import { expect, test } from "vitest";
import { checkCodecs } from "../../src/model/check-codecs.ts";
import { Schema } from "../../src/model/schema.ts";

const columnOf = (type: string) => new Schema({ key: "int*", "the column": type }).column("the column");

test.each([
  "float",
  "float | zstd",
  "i8 | shuffle | lz4",
  "str",
  "str | vlen-utf8 | zstd",
  "O | json2",
  "S5 | msgpack2",
  "M8[ns] | msgpack2",
])("%j can be written", (type) => {
  expect(() => checkCodecs(columnOf(type))).not.toThrow();
});

test.each([
  ["str | zstd", "invalid-schema", "begin the codecs with msgpack2"],
  ["O | blosc", "invalid-schema", "begin the codecs with msgpack2"],
  ["float | blosc | msgpack2", "invalid-schema", "msgpack2 can only be the first"],
  ["str | vlen-utf8 | json2", "invalid-schema", "json2 can only be the first"],
  ["float | vlen-utf8", "invalid-schema", "vlen-utf8 is for"],
  ["U5 | vlen-utf8", "invalid-schema", "vlen-utf8 is for"],
  ["c16 | msgpack2", "invalid-schema", "cannot hold"],
  ["timestamp | msgpack2", "invalid-schema", "cannot hold"],
  ["m8[s] | json2", "invalid-schema", "cannot hold"],
  ["S5 | json2", "invalid-schema", "cannot hold"],
  ["float | shuffle", "invalid-schema", "needs a compressor after it"],
  ["float | zstd | shuffle | lz4", "invalid-schema", "shuffle can only be the first"],
  ["i2 | shuffle | zstd", "invalid-schema", "shuffle takes items of 4"],
  [
    "float | zstd | zstd | zstd | zstd | zstd | zstd | zstd | zstd | zstd",
    "invalid-schema",
    "at most 8 codecs",
  ],
  ["float | bz2", "unsupported-codec", "bz2 is not supported in browsers"],
  ["float | lzma", "unsupported-codec", "lzma is not supported in browsers"],
  ["float | base64", "unsupported-codec", "base64 is not supported in browsers"],
  ["O | pickle", "unsupported-codec", "pickle is not supported in browsers"],
  ["float | snappy", "unsupported-codec", "snappy is unknown"],
  ["float | constructor", "unsupported-codec", "constructor is unknown"],
])("%j is refused", (type, code, message) => {
  const check = () => checkCodecs(columnOf(type));
  expect(check).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) }));
  expect(check).toThrow('Column "the column"');
});
