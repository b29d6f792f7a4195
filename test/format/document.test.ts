import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { encodeCommit } from "../../src/changelog/commit-encode.ts";
import { decodeCommit } from "../../src/changelog/decode-commit.ts";
import { decodeColumn } from "../../src/codecs/decode.ts";
import { digestOf, encodeColumn } from "../../src/codecs/encode.ts";
import { descriptionEntry } from "../../src/engine/collection/description-store.ts";
import { parseDType } from "../../src/model/dtype.ts";
import { Schema } from "../../src/model/schema.ts";
import { Strings } from "../../src/model/strings.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import { segmentsIn } from "../changelog/tables.ts";

const document = readFileSync(new URL("../../docs/format.md", import.meta.url), "utf8");

/** The lines of a code block: bytes, and the comment after `|`. */
function block(name: string): { bytes: Uint8Array<ArrayBuffer>; comment: string }[] {
  const text = document.split(`\`\`\`hex ${name}\n`)[1]?.split("```")[0] ?? "";
  return text.split("\n").map((line) => {
    const [hex = "", comment = ""] = line.split("|");
    return { bytes: Uint8Array.from(Buffer.from(hex.replace(/\s/g, ""), "hex")), comment: comment.trim() };
  });
}

const bytesOf = (name: string) => Uint8Array.from(block(name).flatMap(({ bytes }) => [...bytes]));

describe("the examples of docs/format.md", () => {
  it("have the folder of the descriptions of a collection", async () => {
    const { path } = await descriptionEntry("c5/df/5571595aa44cf4c6dd3e29abebf1660ce52b");
    expect(document).toContain(`\`${path}\``);
  });

  it("hold a commit as it is written and read", async () => {
    const bytes = bytesOf("commit");
    const digest = createHash("sha1").update(bytes).digest("hex");
    expect(document.includes(digest)).toBe(true);
    const schema = new Schema({ t: "int*", v: "float" });
    const commit = await decodeCommit(bytes, schema, new MemoryStore());
    expect(await segmentsIn(commit.table)).toMatchObject([
      { label: "s", lo: { key: [1n] }, hi: { key: [2n] }, length: 2 },
    ]);
    expect(commit.about).toMatchObject({ author: "ada", rows: 2, bytes: 64 });
    expect(await encodeCommit(commit, schema)).toEqual(bytes);
  });

  it("hold columns as they are written and read", async () => {
    const columns = block("columns").filter(({ bytes }) => bytes.length > 0);
    expect(columns.length).toBeGreaterThan(5);
    for (const { bytes, comment } of columns) {
      const [, type = "", pipeline = ""] = /^(\S+), (.+?):/.exec(comment) ?? [];
      const encoding = { name: "c", dtype: parseDType(type), codecs: pipeline.split(" ") };
      const { column } = await decodeColumn(bytes, encoding);
      expect(
        column instanceof Strings ? column.length : Array.from(column as ArrayLike<unknown>).length,
      ).toBe(2);
      expect(await encodeColumn(column, encoding), comment).toEqual(bytes);
    }
  });

  it("hold a Blosc chunk as it is written and read", async () => {
    const encoding = { name: "c", dtype: parseDType("int64"), codecs: ["blosc"] };
    const integers = BigInt64Array.from({ length: 32 }, (_, i) => BigInt(i));
    const bytes = bytesOf("blosc");
    expect((await decodeColumn(bytes, encoding)).column).toEqual(integers);
    expect(await encodeColumn(integers, encoding)).toEqual(bytes);
    expect(document.includes(await digestOf(integers, bytes, encoding))).toBe(true);
  });
});
