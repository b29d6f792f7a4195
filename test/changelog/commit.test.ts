import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { EMPTY_COMMIT } from "../../src/changelog/commit.ts";
import { encodeCommit } from "../../src/changelog/commit-encode.ts";
import { decodeCommit } from "../../src/changelog/decode-commit.ts";
import { Schema, type SchemaDump } from "../../src/model/schema.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import { segmentsIn } from "./tables.ts";

const store = new MemoryStore(); // no commit here needs files

const folder = fileURLToPath(new URL("../golden/", import.meta.url));
const names = readdirSync(folder).filter((name) => !name.includes("."));

interface Golden {
  registry: GoldenCollection;
  collections: Record<string, GoldenCollection>;
}
interface GoldenCollection {
  path: string;
  schema: SchemaDump;
  log: { path: string }[];
}

/** Every revision of a golden repository, with the schema of its collection. */
function revisions(name: string) {
  const golden: Golden = JSON.parse(readFileSync(`${folder}${name}.expected.json`, "utf8"));
  return [golden.registry, ...Object.values(golden.collections)].flatMap(({ path, schema, log }) =>
    log.map((revision) => ({
      schema: Schema.load(schema),
      bytes: new Uint8Array(readFileSync(`${folder}${name}/${path}/${revision.path}`)),
    })),
  );
}

/** numpy notes the width of the array that text was cut from, which may be wider than the text: `<U9` for `<U7`. */
const withoutWidths = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1").replace(/<U\d+/g, "<U");

describe("a commit", () => {
  it.each(names)("of %s, decoded and encoded again, gives Python's bytes", async (name) => {
    const all = revisions(name);
    expect(all.length).toBeGreaterThan(0);
    let identical = 0;
    for (const { schema, bytes } of all) {
      const again = await encodeCommit(await decodeCommit(bytes, schema, store), schema);
      expect(withoutWidths(again)).toBe(withoutWidths(bytes));
      if (Buffer.compare(again, bytes) === 0) identical++;
    }
    expect(identical / all.length).toBeGreaterThan(0.5);
  });

  it("without segments round-trips", async () => {
    const schema = new Schema({ t: "timestamp*", v: "float" });
    const again = await decodeCommit(await encodeCommit(EMPTY_COMMIT, schema), schema, store);
    expect(await segmentsIn(again.table)).toEqual([]);
    expect({ ...again, table: EMPTY_COMMIT.table }).toEqual(EMPTY_COMMIT);
  });

  it("of another schema is refused by the name of what it lacks", async () => {
    const [first] = revisions("a_quickstart").slice(-1);
    const other = new Schema({ when: "timestamp*", value: "float" });
    await expect(decodeCommit(first!.bytes, other, store)).rejects.toMatchObject({
      code: "corrupt",
      message: expect.stringContaining('"when"'),
    });
  });

  it("that is damaged is refused", async () => {
    const { schema, bytes } = revisions("a_quickstart").at(-1)!;
    for (const damaged of [bytes.slice(0, 50), new Uint8Array([1, 2, 3]), new Uint8Array(0)]) {
      await expect(decodeCommit(damaged, schema, store)).rejects.toMatchObject({ code: "corrupt" });
    }
  });
});
