import { openRepo, Schema } from "lakota/node";
import type { S3Server } from "../../test/s3-server/index.ts";
import { zarrFiles } from "./zarr.ts";

export const KEYS = { accessKeyId: "bench", secretAccessKey: "bench-secret" };

/** One series: a time in seconds and a number for each row. */
export interface Data {
  timestamp: BigInt64Array;
  value: Float64Array;
}

/** Writes the series to two buckets: "lakota" (a Lakota repository) and "zarr" (Zarr v3 arrays, public). */
export async function seed(s3: S3Server, data: Data): Promise<void> {
  const repo = await seedLakota(s3, "lakota", data);
  repo.close();
  s3.objects.createBucket("zarr");
  for (const [path, bytes] of await zarrFiles(data)) s3.objects.put("zarr", path, bytes);
}

/** Writes the series "s" of a collection "bench" to a new bucket. Returns the repo. */
export async function seedLakota(s3: S3Server, bucket: string, data: Data) {
  s3.objects.createBucket(bucket);
  const repo = await openLakotaRepo(s3, bucket);
  const schema = new Schema({ timestamp: "timestamp*", value: "float" });
  const collection = await repo.createCollection(schema, "bench");
  await collection.series("s").write({ timestamp: data.timestamp, value: data.value });
  return repo;
}

export const openLakotaRepo = (s3: S3Server, bucket: string) =>
  openRepo(`s3://${bucket}/bench`, { endpoint: s3.url, credentials: KEYS, cache: false });
