import { type S3Server, startS3 } from "../../test/s3-server/index.ts";
import type { Shape } from "../../test/s3-server/shape.ts";
import { KEYS, openLakotaRepo, seedLakota } from "../browser/seed.ts";
import { peerFiles } from "./data.ts";
import type { LakotaBucket } from "./peers.ts";
import { makeSeries, type SeriesData, type SeriesName, STEP } from "./series.ts";

/** A public bucket with the data of the peers. */
const PEERS_BUCKET = "peers";
/** The age of its objects. Browsers keep files that were old when they came, without asking for them again. */
const AGE = 30 * 86_400_000;

/** The store with the data, behind a link that it shares with the hosts of the apps. */
export interface Stage {
  s3: S3Server;
  data: SeriesData;
  shape: Shape;
}

/** Starts the store and fills it, without a network in between. */
export async function startStage(
  name: SeriesName,
  rows: number,
  shape: Shape,
  icechunk: boolean,
): Promise<Stage> {
  const s3 = await startS3({
    keys: { [KEYS.accessKeyId]: KEYS.secretAccessKey },
    publicRead: (bucket) => bucket === PEERS_BUCKET,
  });
  const data = makeSeries(name, rows);
  s3.objects.createBucket(PEERS_BUCKET);
  for (const [path, bytes] of await peerFiles(`${name}-${rows}`, data, icechunk)) {
    s3.objects.put(PEERS_BUCKET, path, bytes).modified -= AGE;
  }
  await publish(s3, "lakota", data, false);
  await publish(s3, "lakota-overviews", data, true);
  return { s3, data, shape };
}

/** Writes a repository and publishes it, with or without overviews. */
async function publish(s3: S3Server, bucket: LakotaBucket, { t, v }: SeriesData, overviews: boolean) {
  const repo = await seedLakota(s3, bucket, { timestamp: t, value: v });
  await repo.publish({ overviews });
  repo.close();
}

/** Appends a row to a repository as another client does. Returns the last rows that it has then. */
export async function append({ s3, data: { t, v }, shape }: Stage, bucket: string): Promise<SeriesData> {
  const time = BigInt(t.length * STEP);
  s3.shape = { latencyMs: 0, mbps: 0 };
  const repo = await openLakotaRepo(s3, bucket);
  const collection = await repo.collection("bench");
  await collection.series("s").write({ timestamp: [time], value: [0.5] });
  repo.close();
  s3.shape = shape;
  return { t: BigInt64Array.of(...t.slice(-1_000), time), v: Float64Array.of(...v.slice(-1_000), 0.5) };
}
