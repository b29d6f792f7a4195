import type { FileMetaData } from "hyparquet";
import { toHex } from "../../model/bytes.ts";

/**
 * Returns metadata with which hyparquet returns DECIMAL values as they are stored: it converts them to floats itself,
 * not to the nearest ones, and has no parser for them that could be replaced. That of geometries can be, and columns of
 * geometries are not read otherwise.
 */
export function withRawDecimals(metadata: FileMetaData): FileMetaData {
  const schema = metadata.schema.map((element) => {
    const { converted_type: converted, ...rest } = element;
    const isDecimal = converted === "DECIMAL" || element.logical_type?.type === "DECIMAL";
    return isDecimal ? { ...rest, logical_type: { type: "GEOMETRY" as const } } : element;
  });
  return { ...metadata, schema };
}

/** Converts a stored DECIMAL to the nearest float. Other values, which are missing, stay as they are. */
export function toFloat(value: unknown, scale: number): unknown {
  const digits = digitsOf(value);
  return digits === undefined ? value : Number(`${digits}e${-scale}`);
}

/** Returns the digits of a DECIMAL, which is stored as an integer, or as big-endian bytes in two's complement. */
function digitsOf(value: unknown): bigint | number | undefined {
  if (typeof value === "bigint" || typeof value === "number") return value;
  if (!(value instanceof Uint8Array)) return undefined;
  return value.length === 0 ? 0n : BigInt.asIntN(8 * value.length, BigInt(`0x${toHex(value)}`));
}
