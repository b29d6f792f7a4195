/** The columns of vectors.jsonl (made by make_vectors.py), as columns of this library. */
import { readFileSync } from "node:fs";
import { fromRaw } from "../../src/codecs/values.ts";
import type { ColumnData } from "../../src/model/column.ts";
import { type DType, parseDType } from "../../src/model/dtype.ts";
import { encodeStrings } from "../../src/model/encode-strings.ts";

export type Bytes = Uint8Array<ArrayBuffer>;

export interface Vector {
  title: string;
  /** Dtype, and how often the rows are repeated. */
  name: string;
  dtype: DType;
  column: ColumnData;
  /** By pipeline, such as `msgpack2|zstd`. */
  encodings: { pipeline: string; codecs: string[]; encoded: Bytes; digest: string }[];
}

interface Line {
  dt: string;
  rows: string | unknown[];
  repeat: number;
  encodings: Record<string, [encoded: string, digest: string]>;
}

export const fromBase64 = (text: string): Bytes => Uint8Array.from(Buffer.from(text, "base64"));
export const fromHex = (text: string): Bytes => Uint8Array.from(Buffer.from(text.replace(/\s/g, ""), "hex"));

const folder = new URL("./vectors/", import.meta.url);

export const vectors: Vector[] = readFileSync(new URL("vectors.jsonl", folder), "utf8")
  .trim()
  .split("\n")
  .map((text, number) => vectorOf(JSON.parse(text), number + 1));

function vectorOf({ dt, rows, repeat, encodings }: Line, number: number): Vector {
  const dtype = parseDType(dt);
  const name = `${dt}${Array.isArray(rows[0]) ? " lists" : ""}${repeat > 1 ? ` × ${repeat}` : ""}`;
  return {
    title: `line ${number}: ${name}`,
    name,
    dtype,
    column: columnOf(dtype, rows, repeat),
    encodings: Object.entries(encodings).map(([pipeline, [encoded, digest]]) => ({
      pipeline,
      codecs: pipeline.split("|"),
      encoded: fromBase64(encoded),
      digest,
    })),
  };
}

function columnOf(dtype: DType, rows: string | unknown[], repeat: number): ColumnData {
  if (typeof rows === "string") return fromRaw(fromHex(rows.repeat(repeat)), dtype);
  const items = Array.from({ length: repeat }, () => rows.map(plain)).flat(1);
  return dtype.kind === "str" ? encodeStrings(items as string[]) : items;
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== "object") return value;
  const { bigint, bytes, float, map } = value as Record<string, unknown>;
  if (bigint !== undefined) return BigInt(bigint as string);
  if (bytes !== undefined) return fromHex(bytes as string);
  if (float !== undefined) return Number(float);
  return Object.fromEntries((map as [string, unknown][]).map(([key, item]) => [key, plain(item)]));
}

/** Doubles, and the float16 bits that numpy makes of them. */
export function halfVectors(): { float64: Float64Array; float16: Uint16Array } {
  const { float64, float16 } = JSON.parse(readFileSync(new URL("half.json", folder), "utf8"));
  return {
    float64: new Float64Array(fromBase64(float64).buffer),
    float16: new Uint16Array(fromBase64(float16).buffer),
  };
}
