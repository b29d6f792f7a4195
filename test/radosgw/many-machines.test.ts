import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { measure } from "../../bench/many-machines/measure.ts";
import { sdkClient } from "../s3-server/tools.ts";
import { MINUTES } from "../soak/soak.ts";

const endpoint = inject("radosgw");

beforeAll(async () => {
  await sdkClient({ url: endpoint }).send(new CreateBucketCommand({ Bucket: "machines" }));
});

describe("three processes that write, and four readers, on Ceph", () => {
  it.each(["flat", "tree"] as const)(
    "lose nothing acknowledged, with a %s table",
    { timeout: 5 * MINUTES },
    async (table) => {
      const { writers, readers, checked } = await measure({
        endpoint,
        uri: `s3://machines/${table}`,
        table,
        collections: 1,
        series: 100,
        writers: 3,
        readers: 4,
        every: 200,
        seconds: 4,
      });
      expect(checked.problems).toEqual([]);
      for (const { commits, errors } of writers) {
        expect(commits).not.toEqual([]);
        expect(errors).toEqual({});
      }
      for (const { refreshes, errors } of readers) {
        expect(refreshes).not.toEqual([]);
        expect(errors).toEqual({});
      }
      expect(checked.rows).toBeGreaterThan(0);
    },
  );
});
