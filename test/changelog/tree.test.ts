import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { changesBetween } from "../../src/changelog/changed-series.ts";
import { encodeCommit } from "../../src/changelog/commit-encode.ts";
import { decodeCommit } from "../../src/changelog/decode-commit.ts";
import { LENGTH, unpackMap } from "../../src/changelog/decode-table.ts";
import { EditedTable } from "../../src/changelog/edited-table.ts";
import { packMap } from "../../src/changelog/pack-map.ts";
import { ReferencedDigests } from "../../src/changelog/referenced-chunks.ts";
import { EMPTY_TABLE, loadAll, type Segment, type SegmentTable } from "../../src/changelog/segment-table.ts";
import { BranchLevel, LeafLevel } from "../../src/changelog/tree/levels.ts";
import { BranchPage, type ChildPage, decodePage, heightOf } from "../../src/changelog/tree/page.ts";
import { PageSink } from "../../src/changelog/tree/page-sink.ts";
import { PageSource } from "../../src/changelog/tree/page-source.ts";
import { storeTree } from "../../src/changelog/tree/store-tree.ts";
import { TreeTable } from "../../src/changelog/tree/tree-table.ts";
import { walkPages } from "../../src/changelog/tree/walk-pages.ts";
import { encodeColumn } from "../../src/codecs/encode.ts";
import { sha1 } from "../../src/codecs/sha1.ts";
import type { Bytes } from "../../src/model/bytes.ts";
import { throwIfAborted } from "../../src/model/errors.ts";
import { compareStrings } from "../../src/model/key.ts";
import { hashedPath } from "../../src/model/layout.ts";
import { Schema } from "../../src/model/schema.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import type { GetOptions } from "../../src/stores/store.ts";

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

  it("has the same root for the same series, in whichever order and batches they came", {
    timeout: 120_000,
  }, async () => {
    const model = new Map(Array.from({ length: 300 }, (_, n) => [labelOf(n * 7), n % 5]));
    const { rootBytes } = await new Trees().save(await edit(EMPTY_TABLE, model));
    const order = fc.shuffledSubarray([...model], { minLength: model.size });
    await fc.assert(
      fc.asyncProperty(order, fc.array(fc.integer({ min: 1, max: 150 })), async (series, batches) => {
        const trees = new Trees();
        let tree: SegmentTable = EMPTY_TABLE;
        const left = [...series];
        for (const size of [...batches, series.length]) {
          const batch = left.splice(0, size);
          // What is inserted and removed again leaves no trace.
          if (batch.length > 0)
            tree = await trees.save(await edit(tree, new Map<string, number>([...batch, ["t", 1]])));
        }
        const last = await trees.save(await edit(tree, new Map([["t", undefined]])));
        expect(await sha1(last.rootBytes)).toBe(await sha1(rootBytes));
      }),
      { numRuns: 30 },
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

  it("embeds chunks and pages in the order of their digests, whichever way they were found", async () => {
    const model = new Map([...many(30)].map(([name], n) => [name, n % 3]));
    const table = await edit(EMPTY_TABLE, model);
    const { series, embedded } = table.changes;
    const reversed = new EditedTable(EMPTY_TABLE, {
      series: new Map([...series].reverse()),
      embedded: new Map([...embedded].reverse()),
    });
    const trees = [await new Trees().save(table), await new Trees().save(reversed)];
    const [one, other] = await Promise.all(trees.map((tree) => encodeCommit({ table: tree }, schema)));
    expect(Buffer.from(one!).equals(other!)).toBe(true);
    const { pages } = trees[0]!;
    expect(pages.size).toBeGreaterThan(1);
    expect([...pages.keys()]).toEqual([...pages.keys()].sort());
    for (const bytes of pages.values()) {
      const leaf = await decodePage(bytes, schema);
      if (leaf instanceof BranchPage) continue;
      expect([...leaf.embedded.keys()]).toEqual([...leaf.embedded.keys()].sort());
    }
  });

  it("of thousands of labels of kilobytes has a top, and pages of a few of them", {
    timeout: 60_000,
  }, async () => {
    const model = new Map(Array.from({ length: 3_000 }, (_, n) => [`${labelOf(n)}${"x".repeat(5_000)}`, 0]));
    const trees = new Trees();
    const tree = await trees.save(await edit(EMPTY_TABLE, model));
    expect(heightOf(tree.root)).toBeLessThan(14);
    const counts = new Map<number, number>();
    await walkPages(tree, {
      skip: () => false,
      visit: ({ page }) => void counts.set(heightOf(page), (counts.get(heightOf(page)) ?? 0) + 1),
    });
    // Each level has at most half as many pages as the one below, and one more.
    for (const [height, count] of counts)
      expect(count).toBeLessThanOrEqual((counts.get(height - 1) ?? 2 * model.size) / 2 + 1);
    const change: ReadonlyMap<string, number | undefined> = new Map(
      [...model.keys()].slice(0, 2_990).map((name) => [name, undefined]),
    );
    const small = await trees.save(await edit(tree, change));
    const anew = await new Trees().save(await edit(EMPTY_TABLE, new Map([...model].slice(2_990))));
    expect(await sha1(small.rootBytes)).toBe(await sha1(anew.rootBytes));
  });

  it("stores files from the leaves up", async () => {
    const trees = new Trees();
    const stored = new Set<string>();
    let branches = 0;
    const put = async (digest: string, bytes: Bytes) => {
      const page = await decodePage(bytes, schema);
      if (page instanceof BranchPage) {
        branches++;
        for (const child of page.children) expect(stored).toContain(child.digest);
      }
      // The first ones take longest.
      for (let turn = 0; turn < 40 - Math.min(39, stored.size); turn++) await setImmediate();
      await trees.store.put(hashedPath(digest), bytes);
      stored.add(digest);
    };
    let tree = await storeTree(await edit(EMPTY_TABLE, many(3_000)), trees.source, put, signal);
    for (let i = 0; i < 4; i++) {
      const changes = new Map(Array.from({ length: 30 }, (_, n) => [labelOf(i + n * 97), 1 + i]));
      tree = await storeTree(await edit(tree, changes), trees.source, put, signal);
      // The next commit does not have the pages of this one.
      tree = await storeTree(tree, trees.source, put, signal);
    }
    expect(branches).toBeGreaterThan(10);
  });

  it("stores a level only after the one below, also if one page makes both too much for a commit", async () => {
    const order: number[] = [];
    const sink = new PageSink(async (_, bytes) => {
      for (let turn = 0; turn < (bytes.length < 30_000 ? 20 : 1); turn++) await setImmediate();
      order.push(bytes.length);
    });
    await sink.add(0, new Uint8Array(20_000));
    await sink.add(0, new Uint8Array(10_000));
    expect(order).toEqual([]);
    await sink.add(1, new Uint8Array(40_000));
    expect(order.at(-1)).toBe(40_000);
    expect([...order].sort()).toEqual([10_000, 20_000, 40_000]);
  });

  it("is walked by a garbage collection by its files, not by what a commit claims they are", async () => {
    const trees = new Trees();
    const tree = await trees.save(await edit(EMPTY_TABLE, many(3_000)));
    const honest = new ReferencedDigests(async (digest) => trees.store.get(hashedPath(digest)));
    await honest.add(await encodeCommit({ table: tree }, schema));
    const [file] = await tree.files([labelOf(5)]);
    const [other] = await tree.files([labelOf(2_999)]);
    const others = (await trees.store.get(hashedPath(other!)))!;
    const forged = new TreeTable(
      tree.root,
      tree.rootBytes,
      new Map([...tree.pages, [file!, others]]),
      trees.source,
    );
    const references = new ReferencedDigests(async (digest) => trees.store.get(hashedPath(digest)));
    await references.add(await encodeCommit({ table: forged }, schema));
    expect(references.digests).toEqual(honest.digests);
  });
});

describe("a tree with a stranger's page", () => {
  /** Stores a branch, and returns a tree whose root has these children. */
  async function treeOf(trees: Trees, height: number, children: readonly ChildPage[]) {
    const rootBytes = await new BranchLevel(height).encode(children);
    const source = new PageSource(trees.store, schema);
    return new TreeTable(await decodePage(rootBytes, schema), rootBytes, new Map(), source);
  }

  async function store(trees: Trees, bytes: Bytes): Promise<string> {
    const digest = await sha1(bytes);
    await trees.store.put(hashedPath(digest), bytes);
    return digest;
  }

  async function leafOf(trees: Trees, labels: readonly string[]): Promise<ChildPage> {
    const entries = await Promise.all(
      labels.map(async (name) => {
        const { segment, chunk } = await seriesOf(name, 0);
        return { label: name, segments: [segment], embedded: new Map([chunk]) };
      }),
    );
    return { digest: await store(trees, await new LeafLevel(schema).encode(entries)), labels };
  }

  async function branchOf(trees: Trees, height: number, children: readonly ChildPage[]): Promise<ChildPage> {
    const digest = await store(trees, await new BranchLevel(height).encode(children));
    return { digest, labels: children.at(-1)!.labels.slice(-1) };
  }

  /** All ways through a tree find the fault, and name the page. */
  async function expectCorrupt(tree: TreeTable, { digest }: ChildPage, label: string | undefined) {
    const corrupt = { code: "corrupt", message: expect.stringContaining(hashedPath(digest)) };
    await expect(loadAll(tree)).rejects.toMatchObject(corrupt);
    await expect(walkPages(tree, { skip: () => false, visit: () => {} })).rejects.toMatchObject(corrupt);
    if (label !== undefined) await expect(tree.load([label])).rejects.toMatchObject(corrupt);
  }

  it("of another level is corrupt", async () => {
    const trees = new Trees();
    const [a, b] = [await leafOf(trees, ["a", "b"]), await leafOf(trees, ["c"])];
    const branch = await branchOf(trees, 1, [a, b]);
    await expectCorrupt(await treeOf(trees, 2, [a, { ...branch, labels: ["c"] }]), a, "a");
    await expectCorrupt(await treeOf(trees, 1, [{ ...branch, labels: ["c"] }]), branch, "c");
  });

  it("with fewer, more or other series than its parent says is corrupt", async () => {
    const trees = new Trees();
    const leaf = await leafOf(trees, ["a", "b"]);
    const last = await leafOf(trees, ["x"]);
    for (const labels of [["a"], ["b"], ["a", "b", "c"], ["a", "c"]])
      await expectCorrupt(await treeOf(trees, 1, [{ ...leaf, labels }, last]), leaf, labels[0]);
    const branch = await branchOf(trees, 1, [leaf]);
    await expectCorrupt(
      await treeOf(trees, 2, [{ ...branch, labels: ["c"] }, await branchOf(trees, 1, [last])]),
      branch,
      "a",
    );
  });

  it("with series that belong into the pages before it is corrupt", async () => {
    const trees = new Trees();
    const [a, m, z] = await Promise.all(["a", "m", "z"].map((name) => leafOf(trees, [name])));
    const first = await branchOf(trees, 1, [a!, m!]);
    const second = await branchOf(trees, 1, [a!, z!]);
    const tree = await treeOf(trees, 2, [first, second]);
    await expectCorrupt(tree, second, undefined);
    await expect(tree.labels()).rejects.toMatchObject({ code: "corrupt" });
  });

  it("that repeats itself at every level ends soon", async () => {
    const trees = new Trees();
    const leaves = await Promise.all(Array.from({ length: 12 }, (_, n) => leafOf(trees, [labelOf(n)])));
    // Each page of a level has all pages of the level below up to its own label: millions of ways down.
    let level: ChildPage[] = leaves;
    for (let height = 1; height <= 20; height++)
      level = await Promise.all(level.map((_, n) => branchOf(trees, height, level.slice(0, n + 1))));
    const tree = await treeOf(trees, 21, level);
    await expect(loadAll(tree)).rejects.toMatchObject({ code: "corrupt" });
    await expect(tree.labels()).rejects.toMatchObject({ code: "corrupt" });
  });

  it("whose bytes are no page is corrupt, and named", async () => {
    const trees = new Trees();
    const digest = await store(trees, new TextEncoder().encode("no page"));
    const tree = await treeOf(trees, 1, [{ digest, labels: ["a"] }, await leafOf(trees, ["b"])]);
    await expectCorrupt(tree, { digest, labels: ["a"] }, "a");
  });

  it("with wrong counts is corrupt", async () => {
    const trees = new Trees();
    const leaf = await leafOf(trees, ["a", "b"]);
    const counted = async (counts: bigint[]) => {
      const payload = unpackMap(await new BranchLevel(1).encode([leaf]), "page");
      const count = await encodeColumn(BigInt64Array.from(counts), LENGTH);
      return decodePage(packMap({ ...payload, count }), schema);
    };
    await expect(counted([2n])).resolves.toBeInstanceOf(BranchPage);
    for (const counts of [[1n], [3n], [0n], [-1n], [2n, 0n], [], [1n << 40n]])
      await expect(counted(counts)).rejects.toMatchObject({ code: "corrupt" });
  });
});

describe("an abort ends", () => {
  /** A store that aborts at its n-th read, and counts those after it. */
  class Aborting extends MemoryStore {
    readonly controller = new AbortController();
    readonly #files: MemoryStore;
    left = 2;
    after = 0;

    constructor(files: MemoryStore) {
      super();
      this.#files = files;
    }

    override async get(path: string, options?: GetOptions) {
      await setImmediate();
      throwIfAborted(options?.signal);
      if (this.controller.signal.aborted) this.after++;
      if (--this.left === 0) this.controller.abort();
      return this.#files.get(path);
    }
  }

  async function setUp() {
    const trees = new Trees();
    const tree = await trees.save(await edit(EMPTY_TABLE, many(3_000)));
    const store = new Aborting(trees.store);
    const own = new TreeTable(tree.root, tree.rootBytes, tree.pages, new PageSource(store, schema));
    return { tree: own, store, signal: store.controller.signal };
  }

  type Abortable = (tree: TreeTable, signal: AbortSignal) => Promise<unknown>;
  const everything = new Map([...many(3_000).keys()].map((name) => [name, 4]));
  const operations: Record<string, Abortable> = {
    "a read of everything": (tree, signal) => loadAll(tree, signal),
    "a read of many series": (tree, signal) => tree.load([...everything.keys()], signal),
    "a walk": (tree, signal) => walkPages(tree, { skip: () => false, visit: () => {} }, signal),
    "a comparison": async (tree, signal) =>
      changesBetween(await new Trees().save(await edit(EMPTY_TABLE, many(10))), tree, signal),
    "a change of many series": async (tree, signal) =>
      storeTree(await edit(tree, everything), tree.source, async () => {}, signal),
    "a new tree": (tree, signal) =>
      storeTree(tree, new PageSource(new MemoryStore(), schema), async () => {}, signal),
  };

  it.each(Object.entries(operations))("%s promptly", async (_, operation) => {
    const { tree, store, signal } = await setUp();
    await expect(operation(tree, signal)).rejects.toMatchObject({ code: "aborted" });
    for (let turn = 0; turn < 50; turn++) await setImmediate();
    expect(store.left).toBeLessThan(1);
    expect(store.after).toBeLessThan(20);
  });
});
