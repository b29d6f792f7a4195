import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openRepo } from "lakota/node";
import { describe, it } from "vitest";
import { FileStore } from "../../src/stores/file/file-store.ts";
import { S3Store } from "../../src/stores/s3/s3-store.ts";
import { startS3 } from "../s3-server/index.ts";
import { MINUTES, soak } from "./soak.ts";

describe("eight processes that write to one series, and a reader", () => {
  it("lose nothing on disk", { timeout: 5 * MINUTES }, async () => {
    const folder = await mkdtemp(join(tmpdir(), "lakota-soak-"));
    const repo = await openRepo(folder);
    await soak(repo, folder, "", new FileStore(folder));
    repo.close();
    await rm(folder, { recursive: true });
  });

  it("lose nothing on an unreliable S3", { timeout: 5 * MINUTES }, async () => {
    const s3 = await startS3({ keys: { id: "secret" } });
    s3.objects.createBucket("data");
    const credentials = { accessKeyId: "id", secretAccessKey: "secret" };
    const repo = await openRepo("s3://data/repo", { endpoint: s3.url, credentials, cache: false });
    for (const fault of [
      { status: 503, probability: 0.02 },
      { reset: "before", probability: 0.01 },
      { reset: "after", probability: 0.01 },
      { latency: 20, probability: 0.05 },
    ] as const) {
      s3.faults.add({ ...fault, times: Number.POSITIVE_INFINITY });
    }
    const store = new S3Store("data", "repo", { endpoint: s3.url, credentials });
    await soak(repo, "s3://data/repo", s3.url, store);
    repo.close();
    await s3.close();
  });
});
