import { openRepo, type Repo } from "lakota/engine";
import type { OpenOptions } from "../../src/engine.ts";
import { type S3Server, startS3 } from "../s3-server/index.ts";
import { LONG, rows, schema } from "./rows.ts";

export const KEYS = { accessKeyId: "id", secretAccessKey: "secret" };
/** The bucket that every run starts with a copy of. */
export const TEMPLATE = "template";

export const optionsFor = (s3: S3Server): OpenOptions => ({
  endpoint: s3.url,
  credentials: async () => KEYS,
  onWarning: () => {},
});

/**
 * Starts a server with two repos in one bucket. `repo` has a collection of several revisions, one with two
 * heads, one of many short segments, and chunks that a garbage collection has set aside. `other` is a copy
 * of a part that has grown on.
 */
export async function startSample(): Promise<S3Server> {
  const s3 = await startS3({ keys: { id: "secret" } });
  s3.objects.createBucket(TEMPLATE);
  const open = (prefix: string) => openRepo(`s3://${TEMPLATE}/${prefix}`, { ...optionsFor(s3), maxAge: 0 });
  const repo = await open("repo");
  await fillCollections(repo);
  const other = await open("other");
  await other.pull(`s3://${TEMPLATE}/repo`, { labels: ["t"] });
  const far = await other.createCollection(schema, "far");
  await far.series("q").write(rows(LONG, 5));
  await (await other.collection("t")).series("theirs").write(rows(LONG, 6));
  await (await repo.collection("t")).series("b").write(rows(10, 40_000));
  await leaveGarbage(repo);
  await fork(s3);
  for (const each of [repo, other]) each.close();
  s3.reset();
  return s3;
}

async function fillCollections(repo: Repo): Promise<void> {
  const collection = await repo.createCollection(schema, "t");
  await collection.series("a").write(rows(LONG));
  await collection.series("b").write(rows(50));
  const worn = await repo.createCollection(schema, "worn");
  for (let i = 0; i < 4; i++) await worn.series("s").write(rows(LONG, i * 2_000_000));
}

/** Leaves chunks that were set aside, and some that will be. */
async function leaveGarbage(repo: Repo): Promise<void> {
  for (const [i, label] of ["old", "older"].entries()) {
    const collection = await repo.createCollection(schema, label);
    await collection.series("x").write(rows(LONG, 100 + i));
    await repo.delete(label);
    if (i === 0) await repo.gc();
  }
}

/** Makes a collection with two heads, whose writers did not see each other. */
async function fork(s3: S3Server): Promise<void> {
  const open = () => openRepo(`s3://${TEMPLATE}/repo`, optionsFor(s3));
  const repo = await open();
  await (await repo.createCollection(schema, "forked")).series("s").write(rows(20));
  const writers = await Promise.all([open(), open()]);
  const collections = await Promise.all(writers.map((writer) => writer.collection("forked")));
  for (const collection of collections) await collection.ls();
  for (const [i, collection] of collections.entries())
    await collection.series("s").write({ t: [5_000, 90_000 + i], v: [i, i] });
  for (const each of [repo, ...writers]) each.close();
}
