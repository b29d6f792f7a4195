import {
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
} from "@aws-sdk/client-s3";
import { Schema } from "lakota/engine";
import { openRepo } from "lakota/node";
import { describe, expect, test } from "vitest";
import { S3Store } from "../../src/stores/s3/s3-store.ts";
import { check } from "../checker/check.ts";
import { KEYS, sdkClient } from "../s3-server/tools.ts";

/** An existing bucket. */
export interface Bucket {
  url: string;
  bucket: string;
}

/**
 * Checks that the AWS SDK reads what the store writes, and the reverse. `find` is called when the tests run.
 */
export function readBySdk(name: string, find: () => Bucket): void {
  describe(`the AWS SDK on ${name}`, () => {
    test("lists and reads a repository byte for byte", async () => {
      const { url, bucket } = find();
      const access = { endpoint: url, credentials: KEYS };
      const prefix = "read by the SDK/é+";
      const repo = await openRepo(`s3://${bucket}/${prefix}`, { ...access, cache: false });
      const collection = await repo.createCollection(
        new Schema({ t: "timestamp*", v: "float", s: "str" }),
        "é",
      );
      for (const rows of [10, 5_000]) {
        await collection.series(`${rows} rows`).write({
          t: Array.from({ length: rows }, (_, row) => row * 60_000),
          v: Array.from({ length: rows }, (_, row) => Math.sin(row)),
          s: Array.from({ length: rows }, (_, row) => `日本 ${row}`),
        });
      }
      await repo.publish();
      repo.close();

      const store = new S3Store(bucket, prefix, access);
      const sdk = sdkClient({ url });
      const listed: { path: string; size: number }[] = [];
      const files = new Map<string, Uint8Array>();
      for await (const { Contents = [] } of paginateListObjectsV2(
        { client: sdk, pageSize: 3 },
        { Bucket: bucket, Prefix: `${prefix}/` },
      )) {
        for (const { Key, Size } of Contents) {
          const path = Key!.slice(prefix.length + 1);
          listed.push({ path, size: Size! });
          const { Body } = await sdk.send(new GetObjectCommand({ Bucket: bucket, Key }));
          files.set(path, await Body!.transformToByteArray());
        }
      }
      // Revisions, chunks of 5,000 rows (times pack well enough to be embedded), the index, and a claim.
      expect(files.size).toBe(3 + 2 + 1 + 1);
      expect(await store.list("")).toEqual(listed);
      for (const [path, bytes] of files) expect(await store.get(path), path).toEqual(new Uint8Array(bytes));
      expect(await check(files)).toEqual([]);
    });

    test("writes and deletes files, as the store then shows", async () => {
      const { url, bucket } = find();
      const store = new S3Store(bucket, "by the SDK", { endpoint: url, credentials: KEYS });
      const sdk = sdkClient({ url }, { requestChecksumCalculation: "WHEN_REQUIRED" });
      const file = { Bucket: bucket, Key: "by the SDK/a +é" };
      await sdk.send(new PutObjectCommand({ ...file, Body: "content" }));
      const bytes = new TextEncoder().encode("content");
      expect(await store.get("a +é")).toEqual(bytes);
      expect(await store.put("a +é", new Uint8Array(1))).toBe(false);
      await sdk.send(new DeleteObjectCommand(file));
      expect(await store.get("a +é")).toBeUndefined();
    });
  });
}
