import { Blosc } from "numcodecs-wasm";
import type * as zarr from "zarrita";
import type { Data } from "./seed.ts";

/** Rows of a chunk. */
const CHUNK = 500_000;

const CODEC = { id: "blosc", cname: "zstd", clevel: 5, shuffle: 2, blocksize: 0, typesize: 8 } as const;

/** Returns the files of a Zarr v3 group with the arrays "timestamp" and "value", by path. */
export async function zarrFiles({ timestamp, value }: Data): Promise<Map<string, Uint8Array>> {
  const group = { zarr_format: 3, node_type: "group", attributes: {} };
  return new Map([
    ["zarr.json", Buffer.from(JSON.stringify(group))],
    ...(await arrayFiles("timestamp", "int64", timestamp)),
    ...(await arrayFiles("value", "float64", value)),
  ]);
}

/** Written by hand: npm numcodecs cannot set the element size (typesize) of blosc as zarr-python does. */
async function arrayFiles(
  name: string,
  type: "int64" | "float64",
  data: BigInt64Array | Float64Array,
): Promise<[path: string, bytes: Uint8Array][]> {
  const metadata = {
    zarr_format: 3,
    node_type: "array",
    shape: [data.length],
    data_type: type,
    chunk_grid: { name: "regular", configuration: { chunk_shape: [CHUNK] } },
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
  const files: [string, Uint8Array][] = [[`${name}/zarr.json`, Buffer.from(JSON.stringify(metadata))]];
  const blosc = Blosc.fromConfig(CODEC);
  for (let chunk = 0; chunk * CHUNK < data.length; chunk++) {
    const part = data.slice(chunk * CHUNK, (chunk + 1) * CHUNK);
    const full = new Uint8Array(CHUNK * part.BYTES_PER_ELEMENT); // Zarr pads the last chunk to the full length
    full.set(new Uint8Array(part.buffer));
    files.push([`${name}/c/${chunk}`, await blosc.encode(full)]);
  }
  return files;
}
