import {
  ListObjectsCommand,
  type ListObjectsCommandOutput,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  paginateListObjectsV2,
} from "@aws-sdk/client-s3";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { type S3Server, startS3 } from "./index.ts";
import { awsClient, outcome, sdkClient, sdkOutcome, urlOf } from "./tools.ts";

const s3: S3Server = await startS3({ keys: { id: "secret" }, pageSize: 5 });
const sdk = sdkClient(s3);
let bucket = "";
let buckets = 0;

beforeEach(() => {
  bucket = `bucket-${buckets++}`;
  s3.objects.createBucket(bucket);
});

afterAll(() => s3.close());

type Question = Omit<ListObjectsV2CommandInput, "Bucket">;

function fill(...keys: string[]): void {
  for (const key of keys) s3.objects.put(bucket, key, key);
}

const ask = (question: Question = {}) => sdk.send(new ListObjectsV2Command({ Bucket: bucket, ...question }));

/** Returns keys and common prefixes of every page; keys come before prefixes. */
async function pages(question: Question = {}): Promise<string[][]> {
  const listed: string[][] = [];
  for await (const { Contents = [], CommonPrefixes = [], KeyCount } of paginateListObjectsV2(
    { client: sdk },
    { Bucket: bucket, ...question },
  )) {
    const names = [...Contents.map(({ Key }) => Key!), ...CommonPrefixes.map(({ Prefix }) => Prefix!)];
    expect(KeyCount).toBe(names.length);
    listed.push(names);
  }
  return listed;
}

const raw = async (query: string) =>
  (await awsClient().fetch(urlOf(s3, bucket, "", `?list-type=2${query}`))).text();

test("describes each object", async () => {
  fill("a");
  const { Contents, Name, KeyCount, MaxKeys, IsTruncated, Prefix, NextContinuationToken } = await ask();
  const { etag, modified } = s3.objects.bucket(bucket).get("a")!;
  expect(Contents).toEqual([
    { Key: "a", Size: 1, ETag: `"${etag}"`, LastModified: new Date(modified), StorageClass: "STANDARD" },
  ]);
  expect({ Name, KeyCount, MaxKeys, IsTruncated, Prefix }).toEqual({
    Name: bucket,
    KeyCount: 1,
    MaxKeys: 5,
    IsTruncated: false,
    Prefix: "",
  });
  expect(NextContinuationToken).toBeUndefined();
});

test("of an empty bucket, and of a missing one", async () => {
  expect(await pages()).toEqual([[]]);
  const missing = new ListObjectsV2Command({ Bucket: "nowhere" });
  expect(await sdkOutcome(sdk.send(missing))).toBe("404 NoSuchBucket");
});

describe("pages", () => {
  const keys = Array.from({ length: 12 }, (_, i) => `k/${String(i).padStart(2, "0")}`);

  test("of the server's size, in order, each key once", async () => {
    fill(...keys.toReversed());
    expect(await pages()).toEqual([keys.slice(0, 5), keys.slice(5, 10), keys.slice(10)]);
  });

  test("of max-keys, which cannot exceed the server's size", async () => {
    fill(...keys);
    expect((await pages({ MaxKeys: 4 })).map((page) => page.length)).toEqual([4, 4, 4]);
    expect(await ask({ MaxKeys: 100 })).toMatchObject({ KeyCount: 5, MaxKeys: 5, IsTruncated: true });
    expect(await ask({ MaxKeys: 0 })).toMatchObject({ KeyCount: 0, IsTruncated: false });
  });

  test("a full last page has no token", async () => {
    fill(...keys.slice(0, 10));
    expect(await pages()).toEqual([keys.slice(0, 5), keys.slice(5, 10)]);
  });

  test("continue after keys were added or deleted", async () => {
    fill(...keys);
    const { NextContinuationToken } = await ask();
    s3.objects.delete(bucket, keys[4]!);
    fill("k/00a", "k/05a");
    const next = await ask({ ContinuationToken: NextContinuationToken });
    expect(next.Contents?.map(({ Key }) => Key)).toEqual(["k/05", "k/05a", "k/06", "k/07", "k/08"]);
    expect(next.ContinuationToken).toBe(NextContinuationToken);
  });

  test("start after a key, which need not exist; a token takes precedence", async () => {
    fill(...keys);
    expect((await pages({ StartAfter: "k/07" })).flat()).toEqual(keys.slice(8));
    expect((await pages({ StartAfter: "k/07x" })).flat()).toEqual(keys.slice(8));
    expect((await pages({ StartAfter: "a" })).flat()).toEqual(keys);
    expect((await pages({ StartAfter: "z" })).flat()).toEqual([]);
    expect((await pages({ StartAfter: "k/01" })).flat()).toEqual(keys.slice(2));
    expect((await ask({ StartAfter: "k/01" })).StartAfter).toBe("k/01");
  });

  test("of a prefix", async () => {
    fill(...keys, "j", "l");
    expect((await pages({ Prefix: "k/" })).flat()).toEqual(keys);
    expect((await pages({ Prefix: "k/1" })).flat()).toEqual(keys.slice(10));
    expect((await pages({ Prefix: "nothing" })).flat()).toEqual([]);
    expect((await pages({ Prefix: "k/", StartAfter: "a" })).flat()).toEqual(keys);
  });
});

describe("with a delimiter", () => {
  beforeEach(() => fill("a", "b/1", "b/2", "b/c/3", "d", "e/1", "f/", "g//h"));

  test("keys with a common prefix are one entry", async () => {
    expect(await pages({ Delimiter: "/" })).toEqual([["a", "d", "b/", "e/", "f/"], ["g/"]]);
    expect((await ask({ Delimiter: "/" })).Delimiter).toBe("/");
    expect(await pages({ Delimiter: "/", Prefix: "b/" })).toEqual([["b/1", "b/2", "b/c/"]]);
    expect(await pages({ Delimiter: "/", Prefix: "b" })).toEqual([["b/"]]);
    expect(await pages({ Delimiter: "/", Prefix: "g/" })).toEqual([["g//"]]);
    expect(await pages({ Delimiter: "/c/" })).toEqual([
      ["a", "b/1", "b/2", "d", "b/c/"],
      ["e/1", "f/", "g//h"],
    ]);
  });

  test("a common prefix is on one page only, whatever the page size", async () => {
    const all = ["a", "b/", "d", "e/", "f/", "g/"];
    for (let MaxKeys = 1; MaxKeys <= 5; MaxKeys++) {
      const listed = await pages({ Delimiter: "/", MaxKeys });
      expect(listed.flat().toSorted()).toEqual(all);
      expect(listed.slice(0, -1).every((page) => page.length === MaxKeys)).toBe(true);
    }
  });

  test("start-after applies to keys, before they are grouped", async () => {
    expect((await pages({ Delimiter: "/", StartAfter: "b/1" })).flat()).toEqual([
      "d",
      "b/",
      "e/",
      "f/",
      "g/",
    ]);
    expect((await pages({ Delimiter: "/", StartAfter: "b/c/3" })).flat()).toEqual(["d", "e/", "f/", "g/"]);
    expect((await pages({ Delimiter: "/", StartAfter: "b/" })).flat()).toEqual(["d", "e/", "f/", "g/"]);
  });
});

describe("order and spelling", () => {
  test("keys are sorted by their UTF-8 bytes, unlike JavaScript strings", async () => {
    const sorted = ["A", "a", "a b", "a!", "a/", "a0", "é", "\u{ff5e}", "\u{1f600}", "\u{1f601}"];
    fill(...sorted.toReversed());
    expect(sorted.toSorted()).not.toEqual(sorted);
    expect((await pages()).flat()).toEqual(sorted);
    expect((await pages({ StartAfter: "\u{ff5e}" })).flat()).toEqual(sorted.slice(8));
    expect((await pages({ MaxKeys: 1 })).flat()).toEqual(sorted);
  });

  test("encoding-type=url is S3's: a space is a plus, a plus is escaped, a slash stays", async () => {
    fill("a b/c+d", "é/~'(*)", "x%20y", "\u{1f600}");
    const text = await raw("&encoding-type=url");
    expect([...text.matchAll(/<Key>(.*?)<\/Key>/g)].map((match) => match[1])).toEqual([
      "a+b/c%2Bd",
      "x%2520y",
      "%C3%A9/~%27%28%2A%29",
      "%F0%9F%98%80",
    ]);
    expect(text).toContain("<EncodingType>url</EncodingType>");
    const grouped = await raw("&encoding-type=url&delimiter=%2F&prefix=a%20&start-after=a%20");
    expect(grouped).toContain("<Prefix>a+</Prefix><Delimiter>/</Delimiter><StartAfter>a+</StartAfter>");
    expect(grouped).toContain("<CommonPrefixes><Prefix>a+b/</Prefix></CommonPrefixes>");
  });

  test("without it, XML's special characters and control characters are escaped", async () => {
    fill("<&>\"'", "tab\tend");
    const text = await raw("");
    expect(text).toContain("<Key>&#60;&#38;&#62;&#34;&#39;</Key>");
    expect(text).toContain("<Key>tab&#9;end</Key>");
    expect((await pages()).flat()).toEqual(["<&>\"'", "tab\tend"]);
  });

  test("odd prefixes, delimiters and start keys", async () => {
    fill("p +&=é/1", "p +&=é/2", "p +&=é|3");
    expect((await pages({ Prefix: "p +&=é/" })).flat()).toEqual(["p +&=é/1", "p +&=é/2"]);
    expect((await pages({ Delimiter: "=é" })).flat()).toEqual(["p +&=é"]);
    expect((await pages({ StartAfter: "p +&=é/1" })).flat()).toEqual(["p +&=é/2", "p +&=é|3"]);
  });
});

describe("ListObjects, which other libraries still use", () => {
  /** Pages as boto3 does. */
  async function all(question: { Prefix?: string; Delimiter?: string }): Promise<string[]> {
    const listed: string[] = [];
    for (let marker: string | undefined = ""; marker !== undefined; ) {
      const {
        Contents = [],
        CommonPrefixes = [],
        ...page
      }: ListObjectsCommandOutput = await sdk.send(
        new ListObjectsCommand({ Bucket: bucket, Marker: marker, ...question }),
      );
      listed.push(...Contents.map(({ Key }) => Key!), ...CommonPrefixes.map(({ Prefix }) => Prefix!));
      marker = page.IsTruncated ? (page.NextMarker ?? Contents.at(-1)!.Key) : undefined;
    }
    return listed;
  }

  test("continues after a marker", async () => {
    const keys = Array.from({ length: 12 }, (_, i) => `k+ ${String(i).padStart(2, "0")}`);
    fill(...keys);
    expect(await all({})).toEqual(keys);
    expect(await all({ Prefix: "k+ 1" })).toEqual(keys.slice(10));
  });

  test("continues after a common prefix", async () => {
    fill(...Array.from({ length: 24 }, (_, i) => `f${String(i >> 1).padStart(2, "0")}/${i}`));
    const folders = Array.from({ length: 12 }, (_, i) => `f${String(i).padStart(2, "0")}/`);
    expect(await all({ Delimiter: "/" })).toEqual(folders);
  });
});

test.each(["&max-keys=-1", "&max-keys=x", "&max-keys=1.5", "&encoding-type=xml", "&continuation-token=~"])(
  "%s is refused",
  async (query) => {
    const response = await awsClient().fetch(urlOf(s3, bucket, "", `?list-type=2${query}`));
    expect(await outcome(response)).toBe("400 InvalidArgument");
  },
);

test("by default, a page has S3's 1,000 entries", async () => {
  const plain = await startS3({ keys: { id: "secret" } });
  plain.objects.createBucket("many");
  for (let i = 0; i < 2500; i++) plain.objects.put("many", `k${i}`, "");
  const sizes: (number | undefined)[] = [];
  for await (const { KeyCount } of paginateListObjectsV2({ client: sdkClient(plain) }, { Bucket: "many" })) {
    sizes.push(KeyCount);
  }
  await plain.close();
  expect(sizes).toEqual([1000, 1000, 500]);
});
