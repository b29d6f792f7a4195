import { openRepo, Schema } from "lakota/node";
import { Blosc } from "numcodecs-wasm";
import type * as zarr from "zarrita";
import type { S3Server } from "../../test/s3-server/index.ts";

/** Rows of a chunk of the Zarr copy. */
const ZARR_CHUNK = 500_000;

export const KEYS = { accessKeyId: "bench", secretAccessKey: "bench-secret" };

/** One series: a time in seconds and a number for each row. */
export interface Data {
  timestamp: BigInt64Array;
  value: Float64Array;
}

/** Writes the series to two buckets: "lakota" (a Lakota repository) and "zarr" (Zarr v3 arrays, public). */
export async function seed(s3: S3Server, { timestamp, value }: Data): Promise<void> {
  s3.objects.createBucket("lakota");
  const repo = await openRepo("s3://lakota/bench", { endpoint: s3.url, credentials: KEYS, cache: false });
  const collection = await repo.createCollection(
    new Schema({ timestamp: "timestamp*", value: "float" }),
    "bench",
  );
  await collection.series("s").write({ timestamp, value });
  repo.close();
  s3.objects.createBucket("zarr");
  await writeZarr(s3, "timestamp", "int64", timestamp);
  await writeZarr(s3, "value", "float64", value);
}

async function writeZarr(
  s3: S3Server,
  name: string,
  type: "int64" | "float64",
  data: BigInt64Array | Float64Array,
) {
  // Written by hand: npm numcodecs cannot set the element size (typesize) of blosc as zarr-python does.
  const codec = { id: "blosc", cname: "zstd", clevel: 5, shuffle: 2, blocksize: 0, typesize: 8 } as const;
  const metadata = {
    zarr_format: 3,
    node_type: "array",
    shape: [data.length],
    data_type: type,
    chunk_grid: { name: "regular", configuration: { chunk_shape: [ZARR_CHUNK] } },
    chunk_key_encoding: { name: "default", configuration: { separator: "/" } },
    fill_value: 0,
    codecs: [
      { name: "bytes", configuration: { endian: "little" } },
      {
        name: "blosc",
        configuration: { cname: "zstd", clevel: 5, shuffle: "bitshuffle", typesize: 8, blocksize: 0 },
      },
    ],
    attributes: {},
  } satisfies Partial<zarr.ArrayMetadata> & Record<string, unknown>;
  s3.objects.put("zarr", `${name}/zarr.json`, Buffer.from(JSON.stringify(metadata)));
  const blosc = Blosc.fromConfig(codec);
  for (let chunk = 0; chunk * ZARR_CHUNK < data.length; chunk++) {
    const part = data.slice(chunk * ZARR_CHUNK, (chunk + 1) * ZARR_CHUNK);
    const full =
      part.constructor === BigInt64Array ? new BigInt64Array(ZARR_CHUNK) : new Float64Array(ZARR_CHUNK);
    (full as BigInt64Array).set(part as BigInt64Array); // Zarr pads the last chunk to the full length
    const encoded = await blosc.encode(new Uint8Array(full.buffer));
    s3.objects.put("zarr", `${name}/c/${chunk}`, Buffer.from(encoded));
  }
}
