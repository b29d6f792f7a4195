import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { TreeTable } from "../../src/changelog/tree/tree-table.ts";
import { decodeChunk } from "../../src/codecs/chunk.ts";
import { EngineRepo } from "../../src/engine/repo/repo.ts";
import { FileStore } from "../../src/stores/file/file-store.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import { check } from "../checker/check.ts";
import { filesIn } from "../checker/files.ts";
import { FOLDER, finalRows, labelOf, rowsOf, SCHEMA } from "./golden-tree.ts";

describe("a repository with a tree, as it was written once", () => {
  it("is as docs/format.md says", async () => {
    expect(await check(filesIn(FOLDER))).toEqual([]);
  });

  it("reads as it was written, now and before", async () => {
    const copy = mkdtempSync(join(tmpdir(), "lakota-"));
    try {
      cpSync(FOLDER, copy, { recursive: true });
      const repo = new EngineRepo(new FileStore(copy), decodeChunk);
      const collection = await repo.collection("sensors");
      const expected = finalRows();
      expect(await collection.ls()).toEqual([...expected.keys()].sort());
      const frames = await collection.read([...expected.keys()], { numbers: true });
      for (const [label, { t, v }] of expected) {
        expect([...frames.get(label)!.numbers("t")]).toEqual(t);
        expect([...frames.get(label)!.numbers("v")]).toEqual(v);
      }
      const log = await collection.log({ details: true });
      expect(log.map(({ rows }) => rows)).toEqual([150 * 80, 100, 0, 80]);
      const dropped = await collection.series(labelOf(30)).read({ before: log[2]!, numbers: true });
      expect([...dropped.numbers("v")]).toEqual(rowsOf(30).v);
      expect((await repo.verify()).problems).toEqual([]);
      repo.close();
    } finally {
      rmSync(copy, { recursive: true });
    }
  });

  it("has the pages that a new one with the same rows gets", async () => {
    const repo = new EngineRepo(new MemoryStore(), decodeChunk);
    const anew = await repo.createCollection(SCHEMA, "anew", { table: "tree" });
    await anew.batch(async (batch) => {
      for (const [label, frame] of finalRows()) await batch.series(label).write(frame);
    });
    const golden = new EngineRepo(new FileStore(FOLDER), decodeChunk);
    const roots = await Promise.all(
      [anew, await golden.collection("sensors")].map(async (collection) => {
        const { table } = (await collection.state()).commit;
        return table instanceof TreeTable ? Buffer.from(table.rootBytes).toString("hex") : "no tree";
      }),
    );
    expect(roots[0]).toBe(roots[1]);
  });
});
