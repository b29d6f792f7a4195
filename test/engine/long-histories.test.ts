import { Schema } from "lakota/engine";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { prependRevisions, ROOT } from "../../bench/ancestors.ts";
import { decodeChunk } from "../../src/codecs/chunk.ts";
import type { EngineCollection } from "../../src/engine/collection/collection.ts";
import { EngineRepo } from "../../src/engine/repo/repo.ts";
import { S3Store } from "../../src/stores/s3/s3-store.ts";
import { type S3Server, startS3 } from "../s3-server/index.ts";

/** What an append, a refresh and a watch cost on S3, by the number of revisions. */

const credentials = { accessKeyId: "id", secretAccessKey: "secret" };
let s3: S3Server;
const repos: EngineRepo[] = [];

beforeEach(async () => {
  s3 = await startS3({ keys: { id: "secret" } });
  s3.objects.createBucket("data");
});
afterEach(async () => {
  for (const repo of repos.splice(0)) repo.close();
  await s3.close();
});

const openRepo = () => {
  const store = new S3Store("data", "repo", { endpoint: s3.url, credentials });
  const repo = new EngineRepo(store, decodeChunk, { maxAge: Number.POSITIVE_INFINITY, onWarning: () => {} });
  repos.push(repo);
  return repo;
};
const open = async () => (await openRepo().collection("c")) as EngineCollection;
const write = (collection: EngineCollection, t: number) => collection.series("s").write({ t: [t], v: [t] });
const rowsOf = async (collection: EngineCollection) =>
  (await collection.series("s").tail(10, { numbers: true })).numbers("t");

/** Makes a collection whose first revision has so many ancestors, which nothing reads. */
async function makeHistory(revisions: number): Promise<void> {
  const collection = (await openRepo().createCollection(
    new Schema({ t: "int*", v: "float" }),
    "c",
  )) as EngineCollection;
  await write(collection, 0);
  const folder = `repo/${collection.path}/`;
  const first = [...s3.objects.bucket("data").keys()].find((key) => key.startsWith(`${folder}${ROOT}.`))!;
  const { body } = s3.objects.bucket("data").get(first)!;
  const { ancestors, descendant } = prependRevisions(first.slice(folder.length), revisions);
  for (const name of ancestors) s3.objects.put("data", folder + name, "");
  s3.objects.delete("data", first);
  s3.objects.put("data", folder + descendant, body);
}

/** Returns what `work` costs. */
async function costOf(work: () => Promise<unknown>) {
  s3.log.length = 0;
  await work();
  const requests = s3.log.map(({ method, query }) => (query.includes("list-type") ? "LIST" : method));
  return { requests, bytes: s3.log.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/** Bytes of an append, by the number of revisions. */
const appended: number[] = [];

describe.each([100, 10_000])("after %d revisions", (revisions) => {
  it("an append is a listing and a file, and a refresh a listing and a file", {
    timeout: 60_000,
  }, async () => {
    await makeHistory(revisions);
    const [reader, writer] = [await open(), await open()];
    await rowsOf(reader);
    for (let t = 1; t <= 20; t++) await write(writer, t);

    const append = await costOf(() => write(writer, 21));
    expect(append.requests).toEqual(["LIST", "PUT"]);
    appended.push(append.bytes);
    expect(append.bytes).toBeLessThan(1.2 * appended[0]!);

    await reader.refresh();
    await rowsOf(reader);
    await write(writer, 22);
    const refresh = await costOf(async () => {
      await reader.refresh();
      expect([...(await rowsOf(reader))].at(-1)).toBe(22);
    });
    expect(refresh.requests).toEqual(["LIST", "GET"]);
    expect(refresh.bytes).toBeLessThan(30_000);

    const { heads } = await reader.changelog.recentLog();
    await write(writer, 23);
    const watch = await costOf(async () => {
      const { change } = await reader.nextChange(heads, { every: 1 });
      expect(change?.revisions).toHaveLength(1);
    });
    expect(watch.requests).toEqual(["LIST", "GET"]);
    expect(watch.bytes).toBeLessThan(30_000);
  });
});
