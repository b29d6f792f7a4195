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
  await (await repo.collection("t")).series("b").write(rows(LONG, 40_000));
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
  // A write leaves a longer segment before it as it is.
  for (const [i, count] of [LONG, 900, 400].entries())
    await worn.series("s").write(rows(count, i * 2_000_000));
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
  const write = async (change: (repo: Repo) => Promise<unknown>) => {
    const repo = await openRepo(`s3://${TEMPLATE}/repo`, optionsFor(s3));
    const known = new Set(s3.objects.bucket(TEMPLATE).keys());
    await change(repo);
    repo.close();
    return [...s3.objects.bucket(TEMPLATE)].filter(([key]) => !known.has(key));
  };
  const writeTo = (t: number[]) => async (repo: Repo) =>
    (await repo.collection("forked")).series("s").write({ t, v: t.map(Math.sqrt) });
  await write((repo) => repo.createCollection(schema, "forked"));
  await write(writeTo(rows(LONG).t));
  const hidden = await write(writeTo([5_000, 90_000]));
  for (const [key] of hidden) s3.objects.delete(TEMPLATE, key);
  await write(writeTo([5_000, 90_001]));
  for (const [key, { body }] of hidden) s3.objects.put(TEMPLATE, key, body);
}
