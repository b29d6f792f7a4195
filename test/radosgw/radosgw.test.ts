import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { openRepo } from "lakota/node";
import { beforeAll, describe, inject, it } from "vitest";
import { CacheStore } from "../../src/stores/cache/cache-store.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import { S3Store } from "../../src/stores/s3/s3-store.ts";
import { KEYS, sdkClient } from "../s3-server/tools.ts";
import { MINUTES, soak } from "../soak/soak.ts";
import { readBySdk } from "../stores/sdk.ts";
import { conforms } from "../stores/suite.ts";

const url = inject("radosgw");
const access = { endpoint: url, credentials: KEYS };

beforeAll(async () => {
  await sdkClient({ url }).send(new CreateBucketCommand({ Bucket: "data" }));
});

/** Each store gets a prefix of its own; characters in it that a signature could trip over. */
let stores = 0;
const open = () => new S3Store("data", `case ${stores++}+é`, access);

conforms("S3Store on Ceph", open);
conforms("CacheStore on Ceph", () => new CacheStore(new MemoryStore(), open()));

readBySdk("Ceph", () => ({ url, bucket: "data" }));

describe("eight processes that write to one series on Ceph, and a reader", () => {
  it("lose nothing", { timeout: 5 * MINUTES }, async () => {
    const repo = await openRepo("s3://data/soak", { ...access, cache: false });
    await soak(repo, "s3://data/soak", url, new S3Store("data", "soak", access));
    repo.close();
  });
});
