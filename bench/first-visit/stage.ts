import { type S3Server, startS3 } from "../../test/s3-server/index.ts";
import type { Shape } from "../../test/s3-server/shape.ts";
import { prependRevisions, ROOT } from "../ancestors.ts";
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

export interface StageOptions {
  series: SeriesName;
  rows: number;
  /** Revisions before that which wrote the rows. */
  revisions: number;
  shape: Shape;
  /** Whether to make the data of Icechunk. */
  icechunk: boolean;
}

/** Starts the store and fills it, without a network in between. */
export async function startStage({ series, rows, revisions, shape, icechunk }: StageOptions): Promise<Stage> {
  const s3 = await startS3({
    keys: { [KEYS.accessKeyId]: KEYS.secretAccessKey },
    publicRead: (bucket) => bucket === PEERS_BUCKET,
  });
  const data = makeSeries(series, rows);
  s3.objects.createBucket(PEERS_BUCKET);
  for (const [path, bytes] of await peerFiles(`${series}-${rows}`, data, icechunk)) {
    s3.objects.put(PEERS_BUCKET, path, bytes).modified -= AGE;
  }
  await makeRepo(s3, "lakota", data, revisions, false);
  await makeRepo(s3, "lakota-overviews", data, revisions, true);
  return { s3, data, shape };
}

/** Writes a repository with a history, and publishes it, with or without overviews. */
async function makeRepo(
  s3: S3Server,
  bucket: LakotaBucket,
  { t, v }: SeriesData,
  revisions: number,
  overviews: boolean,
): Promise<void> {
  const written = await seedLakota(s3, bucket, { timestamp: t, value: v });
  written.close();
  const first = [...s3.objects.bucket(bucket).keys()].find(
    (key) => key.includes(`/${ROOT}.`) && !key.startsWith("bench/00/00/"), // which is the registry
  )!;
  const folder = first.slice(0, first.lastIndexOf("/") + 1);
  const { body } = s3.objects.bucket(bucket).get(first)!;
  const { ancestors, descendant } = prependRevisions(first, revisions);
  for (const name of ancestors) s3.objects.put(bucket, folder + name, "");
  s3.objects.delete(bucket, first);
  s3.objects.put(bucket, descendant, body);
  const repo = await openLakotaRepo(s3, bucket);
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
