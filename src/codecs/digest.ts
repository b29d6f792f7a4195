import type { Bytes } from "../model/bytes.ts";
import type { DType, TimeUnit } from "../model/dtype.ts";
import { NAT, unitRatio } from "../model/time.ts";
import type { Decoded } from "./decode.ts";
import { sha1 } from "./sha1.ts";

/** Digest of a column without rows: the SHA-1 of no bytes. */
export const EMPTY_DIGEST = "da39a3ee5e6b4b0d3255bfef95601890afd80709";

/**
 * Whether a chunk matches its digest. `unknown`: a datetime column whose digest may be that of the writer's
 * input in a finer unit, which is lost.
 */
export type Verdict = "good" | "bad" | "unknown";

/**
 * Accepts a digest of the raw array or of the encoded bytes: writers use both.
 *
 * @param exact whether the digest is certain to be of one of these, and not of times in another unit
 */
export async function verify(
  digest: string,
  encoded: Bytes,
  decoded: Decoded,
  dtype: DType,
  exact = false,
): Promise<Verdict> {
  if (encoded.length === 0) return digest === EMPTY_DIGEST ? "good" : "bad";
  if (decoded.raw && (await sha1(decoded.raw)) === digest) return "good";
  if ((await sha1(encoded)) === digest) return "good";
  if (exact || dtype.kind !== "datetime") return "bad";
  return (await matchesOtherUnit(digest, decoded, dtype.unit!)) ? "good" : "unknown";
}

/**
 * Python digests its input before the conversion to the column's unit: pandas' nanoseconds, for example, or
 * numpy's days.
 */
async function matchesOtherUnit(digest: string, { column }: Decoded, unit: TimeUnit): Promise<boolean> {
  if (!(column instanceof BigInt64Array)) return false;
  for (const other of ["ns", "us", "ms", "s", "m", "h", "D"] as const) {
    const scaled = inUnit(column, unit, other);
    if (scaled && (await sha1(new Uint8Array(scaled.buffer))) === digest) return true;
  }
  return false;
}

/**
 * Returns the times in another unit; undefined if the units are equal, or not all times are whole numbers of
 * it.
 */
function inUnit(
  column: BigInt64Array,
  unit: TimeUnit,
  other: TimeUnit,
): BigInt64Array<ArrayBuffer> | undefined {
  const finer = unitRatio(unit, other);
  // Not BigInt64Array.from(): it makes a list of all values first.
  if (finer) return column.map((count) => (count === NAT ? NAT : count * finer));
  const coarser = unitRatio(other, unit);
  if (!coarser || column.some((count) => count !== NAT && count % coarser !== 0n)) return undefined;
  return column.map((count) => (count === NAT ? NAT : count / coarser));
}
