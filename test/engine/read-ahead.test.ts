import { type Repo, Schema } from "lakota/engine";
import { type OpenOptions, openRepo } from "lakota/node";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { INDEX_PATH, isHashedPath } from "../../src/model/layout.ts";
import { type S3Server, startS3 } from "../s3-server/index.ts";

const KEYS = { accessKeyId: "key", secretAccessKey: "secret" };
const BUCKET = "bucket";
const KEY = `repo/${INDEX_PATH}`;
const schema = new Schema({ t: "int*", v: "float" });
const rows = (from: number, count: number) => ({
  t: Array.from({ length: count }, (_, i) => (from + i) * 100_000 + (((from + i) * 7_919_113) % 99_991)),
  v: Array.from({ length: count }, (_, i) => Math.sin(from + i)),
});

let s3: S3Server;
let writer: Repo;

beforeEach(async () => {
  s3 = await startS3({ keys: { [KEYS.accessKeyId]: KEYS.secretAccessKey } });
  s3.objects.createBucket(BUCKET);
  writer = await open();
  await (await writer.createCollection(schema, "c")).series("s").write(rows(0, 5_000));
});

afterEach(async () => {
  writer.close();
  await s3.close();
});

const open = (options: OpenOptions = {}) =>
  openRepo(`s3://${BUCKET}/repo`, { endpoint: s3.url, credentials: KEYS, cache: false, ...options });

/** What a request asks for, and the path of a file. */
function target(request: Request): { kind: "list" | "index" | "chunk" | "revision"; path: string } {
  const url = new URL(request.url);
  const prefix = url.searchParams.get("prefix");
  if (prefix !== null) return { kind: "list", path: prefix };
  const path = url.pathname.replace(`/${BUCKET}/repo/`, "");
  return { kind: path === INDEX_PATH ? "index" : isHashedPath(path) ? "chunk" : "revision", path };
}

/** A reader whose requests are recorded, and held back until `isReady` says that they may be answered. */
async function reader(isReady: (asked: Request, seen: readonly string[]) => boolean = () => true) {
  const seen: string[] = [];
  let wake = () => {};
  let changed = new Promise<void>((resolve) => {
    wake = resolve;
  });
  const repo = await open({
    maxAge: 0,
    fetch: async (request: Request) => {
      seen.push(target(request).kind);
      wake();
      changed = new Promise<void>((resolve) => {
        wake = resolve;
      });
      while (!isReady(request, seen)) await Promise.race([changed, aborted(request.signal)]);
      return fetch(request);
    },
  } as OpenOptions);
  return { repo, seen, series: async () => (await repo.collection("c")).series("s") };
}

const aborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });

const count = (seen: readonly string[], kind: string) => seen.filter((each) => each === kind).length;

describe("a first read of a published repo on S3", () => {
  it("asks for the index beside the first listing, and for chunks beside the second", async () => {
    await writer.publish();
    const { repo, seen, series } = await reader((request, seen) => {
      const { kind, path } = target(request);
      if (kind === "list")
        return path.includes("/00/00/") ? count(seen, "index") > 0 : count(seen, "chunk") > 0;
      return kind !== "index" || count(seen, "list") > 0;
    });
    expect(await (await series()).tail(5)).toHaveLength(5);
    expect(seen.sort()).toEqual(["chunk", "chunk", "index", "list", "list"]);
    repo.close();
  });

  it("shows what the listing has, not what an old index says", async () => {
    await writer.publish();
    const index = s3.objects.bucket(BUCKET).get(KEY)!;
    await (await writer.collection("c")).series("s").write(rows(5_000, 10));
    s3.objects.put(BUCKET, KEY, Buffer.from(index.body));
    const { repo, series } = await reader();
    expect(await (await series()).length()).toBe(5_010);
    repo.close();
  });

  it("works where what an old index leads to is gone", async () => {
    await writer.publish();
    const index = s3.objects.bucket(BUCKET).get(KEY)!;
    const collection = await writer.collection("c");
    await collection.series("s").write({ t: [1], v: [2] }, { start: 0, stop: 1e12 });
    await collection.trim({ before: Date.now() + 1 });
    await writer.gc({ grace: -1 });
    await writer.gc({ grace: -1 });
    s3.objects.put(BUCKET, KEY, Buffer.from(index.body));
    const { repo, series } = await reader();
    const frame = await (await series()).read();
    expect([[...frame.get("t")], [...frame.get("v")]]).toEqual([[1n], [2]]);
    repo.close();
  });

  it("is what it is without an index, or with one that is damaged", async () => {
    const { repo, seen, series } = await reader();
    expect(await (await series()).length()).toBe(5_000);
    expect(count(seen, "index")).toBe(1);
    await writer.publish();
    s3.objects.put(BUCKET, KEY, Buffer.from("[]"));
    const again = await reader();
    expect(await (await again.series()).length()).toBe(5_000);
    for (const one of [repo, again.repo]) one.close();
  });

  it("is aborted with all its requests", async () => {
    await writer.publish();
    const { repo, series } = await reader((request) => target(request).kind !== "chunk");
    const stopping = new AbortController();
    const reading = (await series()).read({ signal: stopping.signal });
    stopping.abort();
    await expect(reading).rejects.toMatchObject({ code: "aborted" });
    repo.close();
  });
});

it("a commit to a published repo takes two requests more", async () => {
  const series = (await writer.collection("c")).series("s");
  let next = 10_000;
  const cost = async () => {
    s3.reset();
    next += 10;
    await series.write(rows(next, 10));
    return s3.stats().requests;
  };
  await cost();
  const plain = await cost();
  await writer.publish();
  await cost();
  expect(await cost()).toBe(plain + 2);
});
