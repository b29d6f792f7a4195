import { LakotaError } from "../model/errors.ts";
import { MAX_VALUES, tooManyValues } from "./limits.ts";

/**
 * By lead byte: how many bytes its size takes, and what the size counts: bytes, items of an array, or pairs
 * of a map.
 */
const SIZED: Readonly<
  Record<number, readonly [sizeBytes: number, perUnit: "byte" | "item" | "pair", extra: number]>
> = {
  196: [1, "byte", 0],
  197: [2, "byte", 0],
  198: [4, "byte", 0],
  199: [1, "byte", 1],
  200: [2, "byte", 1],
  201: [4, "byte", 1],
  217: [1, "byte", 0],
  218: [2, "byte", 0],
  219: [4, "byte", 0],
  220: [2, "item", 0],
  221: [4, "item", 0],
  222: [2, "pair", 0],
  223: [4, "pair", 0],
};

/** Number of bytes after the lead bytes 0xca … 0xd8: floats, integers, extensions of fixed size. */
const FIXED = [4, 8, 1, 2, 4, 8, 1, 2, 4, 8, 2, 3, 5, 9, 17];

/**
 * Checks that a msgpack value is not larger than its bytes. Decoders allocate arrays of the size in the
 * header: without this check, a few damaged bytes could make them allocate gigabytes.
 *
 * @throws `corrupt`
 */
export function checkBounds(bytes: Uint8Array<ArrayBuffer>): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 0;
  /** Number of values that must follow. Each takes a byte or more. */
  let due = 1;
  let count = 0;
  while (due > 0 && at + due <= bytes.length) {
    if (++count > MAX_VALUES) throw tooManyValues();
    const lead = bytes[at++]!;
    due--;
    const sized = SIZED[lead];
    if (sized) {
      const [sizeBytes, unit, extra] = sized;
      if (at + sizeBytes > bytes.length) break;
      const size = sizeBytes === 1 ? bytes[at]! : sizeBytes === 2 ? view.getUint16(at) : view.getUint32(at);
      at += sizeBytes + extra + (unit === "byte" ? size : 0);
      due += unit === "item" ? size : unit === "pair" ? 2 * size : 0;
    } else if (lead >= 0xca && lead <= 0xd8) at += FIXED[lead - 0xca]!;
    else if (lead >> 4 === 8) due += 2 * (lead & 15);
    else if (lead >> 4 === 9) due += lead & 15;
    else if (lead >> 5 === 5) at += lead & 31;
  }
  if (due > 0 || at > bytes.length) {
    throw new LakotaError(
      "corrupt",
      `Not a msgpack array: ${bytes.length} bytes are too few for the sizes that they state.`,
    );
  }
}
