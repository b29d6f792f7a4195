import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { changesBetween } from "../../src/changelog/changed-series.ts";
import { encodeCommit } from "../../src/changelog/commit-encode.ts";
import { decodeCommit } from "../../src/changelog/decode-commit.ts";
import { EditedTable } from "../../src/changelog/edited-table.ts";
import { ReferencedDigests } from "../../src/changelog/referenced-chunks.ts";
import { EMPTY_TABLE, loadAll, type Segment, type SegmentTable } from "../../src/changelog/segment-table.ts";
import { BranchPage, heightOf } from "../../src/changelog/tree/page.ts";
import { PageSource } from "../../src/changelog/tree/page-source.ts";
import { storeTree } from "../../src/changelog/tree/store-tree.ts";
import { TreeTable } from "../../src/changelog/tree/tree-table.ts";
import { walkPages } from "../../src/changelog/tree/walk-pages.ts";
import { sha1 } from "../../src/codecs/sha1.ts";
import type { Bytes } from "../../src/model/bytes.ts";
import { compareStrings } from "../../src/model/key.ts";
import { hashedPath } from "../../src/model/layout.ts";
import { Schema } from "../../src/model/schema.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";

const schema = new Schema({ t: "int*", v: "float" });
const { signal } = new AbortController();

const hex = (text: string) => sha1(new TextEncoder().encode(text));

/** Series by label, each with the version of its rows. */
type Model = ReadonlyMap<string, number>;

/** Bytes of the embedded chunk of a series. */
const SIZE = 600;

async function seriesOf(label: string, version: number) {
  const digests = await Promise.all(["t", "v"].map((column) => hex(`${column} ${label} ${version}`)));
  const segment: Segment = {
    label,
    lo: { key: [0n], side: -1 },
    hi: { key: [BigInt(version)], side: 1 },
    length: version + 1,
    digests,
    exact: true,
  };
  const chunk: Bytes = new Uint8Array(SIZE).map((_, i) => (version * 31 + i * label.length) & 255);
  return { segment, chunk: [digests[1]!, chunk] as const };
}

/** Returns a table with some series replaced, or removed if their version is undefined. */
async function edit(base: SegmentTable, changes: ReadonlyMap<string, number | undefined>) {
  const series = new Map<string, Segment[]>();
  const embedded = new Map<string, Bytes>();
  for (const [label, version] of changes) {
    if (version === undefined) {
      series.set(label, []);
      continue;
    }
    const { segment, chunk } = await seriesOf(label, version);
    series.set(label, [segment]);
    embedded.set(...chunk);
  }
  return new EditedTable(base, { series, embedded });
}

/** A place for trees, as one device sees it. */
class Trees {
  readonly store = new MemoryStore();
  readonly source = new PageSource(this.store, schema);
  /** Pages that were stored as files. */
  files = 0;

  async save(table: SegmentTable): Promise<TreeTable> {
    const put = async (digest: string, bytes: Bytes) => {
      this.files += Number(await this.store.put(hashedPath(digest), bytes));
    };
    const tree = await storeTree(table, this.source, put, signal);
    // As a reader decodes it.
    const { table: read } = await decodeCommit(
      await encodeCommit({ table: tree }, schema),
      schema,
      this.store,
    );
    if (!(read instanceof TreeTable)) throw new Error("no tree");
    return new TreeTable(read.root, read.rootBytes, read.pages, this.source);
  }
}

const shown = async (table: SegmentTable): Promise<Model> => {
  const { segments, embedded } = await loadAll(table);
  for (const { digests } of segments) expect(embedded.get(digests[1]!)?.length).toBe(SIZE);
  return new Map(segments.map(({ label, length }) => [label, length - 1]));
};

const sorted = (model: Model) => new Map([...model].sort(([a], [b]) => compareStrings(a, b)));
const labelOf = (n: number) => `s${String(n).padStart(4, "0")}`;
const many = (count: number, version = 0) =>
  new Map(Array.from({ length: count }, (_, n) => [labelOf(n), version]));

describe("a tree of pages", () => {
  const label = fc.integer({ min: 0, max: 400 }).map(labelOf);
  const changes = fc
    .array(fc.tuple(label, fc.option(fc.nat(5), { nil: undefined, freq: 3 })), {
      minLength: 1,
      maxLength: 60,
    })
    .map((all) => new Map(all));

  it("is the same after any edits as one made anew, and shows what was written", {
    timeout: 120_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(changes, { minLength: 1, maxLength: 6 }), async (edits) => {
        const trees = new Trees();
        const model = new Map<string, number>(many(200));
        let tree = await trees.save(await edit(EMPTY_TABLE, model));
        for (const one of edits) {
          for (const [name, version] of one) {
            if (version === undefined) model.delete(name);
            else model.set(name, version);
          }
          tree = await trees.save(await edit(tree, one));
          const anew = await new Trees().save(await edit(EMPTY_TABLE, model));
          expect(Buffer.from(tree.rootBytes).equals(anew.rootBytes)).toBe(true);
          expect(await shown(tree)).toEqual(sorted(model));
          expect(await tree.labels()).toEqual([...sorted(model).keys()]);
        }
      }),
      { numRuns: 40 },
    );
  });

  it("with few series is one page, in the commit", async () => {
    const trees = new Trees();
    const tree = await trees.save(await edit(EMPTY_TABLE, many(5)));
    expect([heightOf(tree.root), tree.pages.size, trees.files]).toEqual([0, 0, 0]);
    const removed = new Map(Array.from(many(5).keys(), (name) => [name, undefined]));
    const empty = await trees.save(await edit(tree, removed));
    expect([await shown(empty), trees.files]).toEqual([new Map(), 0]);
  });

  it("keeps the pages of a small write in its commit, and shares all others", async () => {
    const trees = new Trees();
    const base = await trees.save(await edit(EMPTY_TABLE, many(3_000)));
    expect(heightOf(base.root)).toBe(2);
    const before = trees.files;
    const tree = await trees.save(await edit(base, new Map([[labelOf(1_500), 1]])));
    expect(tree.pages.size).toBe(2);
    expect(trees.files - before).toBeLessThan(base.pages.size);
    // The next commit does not have them, so they become files.
    await trees.save(await edit(tree, new Map([[labelOf(10), 1]])));
    expect(trees.files - before).toBeLessThan(base.pages.size + tree.pages.size);
    expect((await tree.load([labelOf(1_500)])).segments).toMatchObject([{ length: 2 }]);
  });

  it("lists labels by prefix and page, without reading leaves", async () => {
    const trees = new Trees();
    const model = many(3_000);
    const tree = await trees.save(await edit(EMPTY_TABLE, model));
    const all = [...model.keys()];
    expect(await tree.labels({ prefix: "s12" })).toEqual(all.filter((name) => name.startsWith("s12")));
    expect(await tree.labels({ after: labelOf(10), limit: 3 })).toEqual([11, 12, 13].map(labelOf));
    expect(await tree.labels({ prefix: "s2", after: "s2999" })).toEqual([]);
    expect(await tree.labels({ prefix: "t" })).toEqual([]);
    const paged: string[] = [];
    for (let after: string | undefined; ; after = paged.at(-1)) {
      const page = await tree.labels({ after, limit: 700 });
      paged.push(...page);
      if (page.length < 700) break;
    }
    expect(paged).toEqual(all);
  });

  it("loads some series from their pages alone, and names the files that this takes", async () => {
    const trees = new Trees();
    const tree = await trees.save(await edit(EMPTY_TABLE, many(3_000)));
    const wanted = [labelOf(2_999), labelOf(3), "unknown"];
    const { segments } = await tree.load(wanted);
    expect(segments.map((segment) => segment.label)).toEqual([labelOf(3), labelOf(2_999)]);
    const files = await tree.files(wanted);
    expect(files.length).toBeLessThanOrEqual(4);
    const copy = new MemoryStore();
    for (const digest of files)
      await copy.put(hashedPath(digest), (await trees.store.get(hashedPath(digest)))!);
    const other = new TreeTable(tree.root, tree.rootBytes, tree.pages, new PageSource(copy, schema));
    expect((await other.load(wanted)).segments).toEqual(segments);
  });

  it("differs from another one in what was edited, which is found without the pages of both", async () => {
    const trees = new Trees();
    const from = await trees.save(await edit(EMPTY_TABLE, many(3_000)));
    const edits = new Map<string, number | undefined>([
      [labelOf(7), 3],
      [labelOf(2_000), undefined],
      ["new", 1],
    ]);
    const to = await trees.save(await edit(from, edits));
    const read: string[] = [];
    class Counting extends MemoryStore {
      override get(path: string) {
        read.push(path);
        return trees.store.get(path);
      }
    }
    const source = new PageSource(new Counting(), schema);
    const [a, b] = [from, to].map((one) => new TreeTable(one.root, one.rootBytes, one.pages, source));
    const changed = await changesBetween(a!, b!);
    expect(new Set(changed.map((change) => change.label))).toEqual(
      new Set([labelOf(7), labelOf(2_000), "new"]),
    );
    expect(read.length).toBeLessThanOrEqual(14);
    expect(await changesBetween(a!, a!)).toEqual([]);
  });

  it("has all files that it refers to, from the leaves up", async () => {
    const trees = new Trees();
    let tree = await trees.save(await edit(EMPTY_TABLE, many(2_000)));
    for (let i = 0; i < 5; i++) tree = await trees.save(await edit(tree, new Map([[labelOf(i * 399), 1]])));
    const references = new ReferencedDigests(async (digest) => (await trees.store.get(hashedPath(digest)))!);
    await references.add(await encodeCommit({ table: tree }, schema));
    const walked = new Set<string>();
    await walkPages(tree, {
      skip: (digest) => walked.has(digest),
      visit: async ({ page, digest, isEmbedded }) => {
        if (digest === undefined) return;
        walked.add(digest);
        expect(references.digests).toContain(digest);
        const isFile = (await trees.store.get(hashedPath(digest))) !== undefined;
        expect(isFile || isEmbedded).toBe(true);
        // A copy that has a page needs nothing of what is below it.
        if (isFile && page instanceof BranchPage)
          for (const child of page.children)
            expect(await trees.store.get(hashedPath(child.digest))).toBeDefined();
      },
    });
    expect(walked.size).toBeGreaterThan(10);
  });

  it("with a page that is missing, damaged or of another height says which", async () => {
    const trees = new Trees();
    const tree = await trees.save(await edit(EMPTY_TABLE, many(3_000)));
    const [branch] = await tree.files([labelOf(5)]);
    const path = hashedPath(branch!);
    const good = (await trees.store.get(path))!;
    const reader = () =>
      new TreeTable(tree.root, tree.rootBytes, tree.pages, new PageSource(trees.store, schema));
    await trees.store.put(path, good.slice(1), { overwrite: true });
    await expect(reader().load([labelOf(5)])).rejects.toMatchObject({
      code: "corrupt",
      message: expect.stringContaining(path),
    });
    await trees.store.delete(path);
    await expect(reader().load([labelOf(5)])).rejects.toMatchObject({
      code: "not-found",
      message: expect.stringContaining(path),
    });
    await trees.store.put(path, good);
    if (!(tree.root instanceof BranchPage)) throw new Error("no branch");
    const raised = new BranchPage(tree.root.height + 1, tree.root.children);
    const wrong = new TreeTable(raised, tree.rootBytes, tree.pages, trees.source);
    await expect(wrong.load([labelOf(5)])).rejects.toMatchObject({ code: "corrupt" });
  });
});
