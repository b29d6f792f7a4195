import { cp, mkdtemp, readdir, readFile, rm, stat, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Repo, Schema, type VerifyReport } from "lakota/engine";
import { openRepo } from "lakota/node";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const GOLDEN = new URL("../golden/", import.meta.url).pathname;
const CHUNK = /^..\/..\/[0-9a-f]{36}$/;
const schema = new Schema({ t: "int*", v: "float" });
const long = (seed: number) => ({
  t: Array.from({ length: 1_000 }, (_, row) => row * 100_000 + ((row * 7_919_113 + seed) % 99_991)),
  v: Array.from({ length: 1_000 }, (_, row) => Math.sin(row + seed)),
});

let folder: string;
let repo: Repo;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lakota-verify-"));
  repo = await openRepo(folder);
  const collection = await repo.createCollection(schema, "c");
  await collection.series("a").write(long(1));
  await collection.series("b").write(long(2));
  await collection.series("b").write({ t: [5], v: [1] });
});

afterEach(async () => {
  repo.close();
  await rm(folder, { recursive: true });
});

async function paths(): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  const files = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).isFile()));
  return names.filter((_, i) => files[i]).sort();
}

/** Files of the collection's changelog, oldest first. */
async function revisions(): Promise<string[]> {
  const log = await (await repo.collection("c")).log();
  const files = await paths();
  return log.map(({ id }) => files.find((path) => path.endsWith(`.${id}`))!);
}

async function flip(path: string): Promise<void> {
  const bytes = await readFile(join(folder, path));
  bytes[bytes.length >> 1]! ^= 1;
  await writeFile(join(folder, path), bytes);
}

async function look(): Promise<VerifyReport> {
  const fresh = await openRepo(folder);
  return fresh.verify();
}

describe("reports", () => {
  it("nothing if the repo is intact", async () => {
    const report = await look();
    expect(report).toMatchObject({ collections: 1, revisions: 4, unchecked: 0, problems: [] });
    const { length } = (await paths()).filter((path) => CHUNK.test(path));
    expect(report.chunks).toBeGreaterThan(length);
  });

  it("each chunk that is missing, damaged, truncated or empty", async () => {
    const chunks = (await paths()).filter((path) => CHUNK.test(path));
    expect(chunks.length).toBeGreaterThanOrEqual(4);
    const [gone, flipped, torn, empty] = chunks as [string, string, string, string];
    await unlink(join(folder, gone));
    await flip(flipped);
    await writeFile(join(folder, torn), (await readFile(join(folder, torn))).subarray(0, 100));
    await writeFile(join(folder, empty), "");
    const { problems } = await look();
    expect(problems.map(({ kind, path }) => [kind, path])).toEqual(
      expect.arrayContaining([
        ["missing", gone],
        ["corrupt", flipped],
        ["corrupt", torn],
        ["corrupt", empty],
      ]),
    );
    expect(problems).toHaveLength(4);
    for (const { message, path, collection, series, column } of problems) {
      expect([collection, message.includes(path), message.includes(`"${column}" of c/${series}`)]).toEqual([
        "c",
        true,
        true,
      ]);
    }
  });

  it("no chunk that gc has set aside", async () => {
    const chunk = (await paths()).find((path) => CHUNK.test(path))!;
    await cp(join(folder, chunk), join(folder, `${chunk}.0198a3b4c5d`));
    await unlink(join(folder, chunk));
    expect((await look()).problems).toEqual([]);
  });

  it("a damaged revision, and still checks the chunks of the others", async () => {
    const [, second] = await revisions();
    await flip(second!);
    const { problems, revisions: count } = await look();
    expect(problems.map(({ kind, path }) => [kind, path])).toEqual([["corrupt", second]]);
    expect(count).toBe(3);
  });

  it("a missing revision in the middle", async () => {
    const [, second] = await revisions();
    await unlink(join(folder, second!));
    const { problems } = await look();
    expect(problems).toMatchObject([{ kind: "missing", collection: "c" }]);
    expect(problems[0]!.message).toContain(second!.split(".").at(-1));
  });

  it("a damaged registry", async () => {
    const registry = (await paths()).find((path) => path.startsWith("00/00/"))!;
    await flip(registry);
    expect((await look()).problems).toMatchObject([
      { kind: "corrupt", collection: "registry", path: registry },
    ]);
  });

  it("a missing head that the published index names", async () => {
    await repo.publish();
    const last = (await revisions()).at(-1)!;
    await unlink(join(folder, last));
    const { problems } = await look();
    expect(problems).toMatchObject([{ kind: "missing", collection: "c", path: last }]);
    expect(problems[0]!.message).toMatch(/index/);
  });
});

describe("no false alarm", () => {
  it("after a trim", async () => {
    const collection = await repo.collection("c");
    await collection.trim({ before: Date.now() + 10_000 });
    expect((await look()).problems).toEqual([]);
  });

  it("with two heads, before and after a merge", async () => {
    const other = await openRepo("memory://");
    await other.pull(folder);
    await (await other.collection("c")).series("a").write({ t: [7], v: [7] });
    await (await repo.collection("c")).series("a").write({ t: [9], v: [9] });
    await repo.pull({ uri: folder });
    await other.push(folder);
    expect((await look()).problems).toEqual([]);
    const fresh = await openRepo(folder);
    expect((await (await fresh.collection("c")).merge()).heads).toHaveLength(2);
    expect((await look()).problems).toEqual([]);
  });

  it("in a shallow copy", async () => {
    const copy = await openRepo("memory://");
    await copy.pull(folder, { shallow: true });
    expect((await copy.verify()).problems).toEqual([]);
  });

  it("in what Python wrote", async () => {
    const names = (await readdir(GOLDEN, { withFileTypes: true })).filter((entry) => entry.isDirectory());
    expect(names.length).toBeGreaterThan(5);
    const found: string[] = [];
    for (const { name } of names) {
      const golden = await openRepo(join(GOLDEN, name));
      const { problems, collections } = await golden.verify();
      expect(collections).toBeGreaterThan(0);
      found.push(...problems.map(({ message }) => `${name}: ${message}`));
    }
    expect(found).toEqual([]);
  });
});
