import { Schema } from "lakota/engine";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { prependRevisions } from "../../bench/ancestors.ts";
import { SortedStore } from "../../bench/sorted-store.ts";
import { decodeChunk } from "../../src/codecs/chunk.ts";
import type { EngineCollection } from "../../src/engine/collection/collection.ts";
import { EngineRepo } from "../../src/engine/repo/repo.ts";
import { INDEX_PATH } from "../../src/model/layout.ts";
import { PublishedFiles } from "../../src/stores/http/published-files.ts";

const repos: EngineRepo[] = [];
let files: SortedStore;

beforeEach(() => {
  files = new SortedStore();
});
afterEach(() => {
  for (const repo of repos.splice(0)) repo.close();
});

function open(): EngineRepo {
  const repo = new EngineRepo(files, decodeChunk, { maxAge: 0, onWarning: () => {} });
  repos.push(repo);
  return repo;
}
const collectionOf = async (repo: EngineRepo) => (await repo.collection("c")) as EngineCollection;
const write = (collection: EngineCollection, t: number) => collection.series("s").write({ t: [t], v: [t] });

/** Makes a collection whose first revision has so many ancestors from years ago, which nothing reads. */
async function makeHistory(revisions: number): Promise<EngineRepo> {
  const collection = await open().createCollection(new Schema({ t: "int*", v: "float" }), "c");
  await collection.series("s").write({ t: [0], v: [0] });
  const { path } = collection as EngineCollection;
  const first = (await files.list(`${path}/`))[0]!.path;
  const { ancestors, descendant } = prependRevisions(first.slice(path.length + 1), revisions);
  for (const name of ancestors) await files.put(`${path}/${name}`, new Uint8Array(1));
  await files.move(first, `${path}/${descendant}`);
  const repo = open();
  await repo.publish();
  return repo;
}

async function expectListed({ path }: EngineCollection): Promise<void> {
  const bytes = await files.get(INDEX_PATH);
  const index = new PublishedFiles(bytes, files.uri, (path) => files.get(path));
  expect(await index.list(path)).toEqual(await files.list(`${path}/`));
}

it("an index has what a listing has after each commit, whoever commits, in a history of any length", async () => {
  const [one, other] = [await collectionOf(await makeHistory(70)), await collectionOf(open())];
  const commits: (() => Promise<unknown>)[] = [
    ...Array.from({ length: 100 }, (_, i) => () => write(i % 40 === 39 ? other : one, 100 + i)),
    () => Promise.all([write(one, 300), write(other, 301)]), // two heads
    () => one.merge(),
    () => write(one, 302),
    () => one.trim({ before: new Date() }),
    ...Array.from({ length: 5 }, (_, i) => () => write(one, 400 + i)),
    () => one.batch(async (batch) => batch.series("u").write({ t: [1], v: [1] })),
  ];
  for (const commit of commits) {
    await commit();
    await expectListed(one);
  }
});

it("a commit neither lists a folder nor sorts its files again to renew an index", async () => {
  const collection = await collectionOf(await makeHistory(1_000));
  await write(collection, 200); // makes its own record of what is published
  const sort = vi.spyOn(Array.prototype, "sort");
  await write(collection, 201);
  const lengths = sort.mock.contexts.map((sorted) => (sorted as unknown[]).length);
  sort.mockRestore();
  expect(lengths).not.toEqual([]);
  expect(Math.max(...lengths)).toBeLessThan(100);
  await expectListed(collection);
});
