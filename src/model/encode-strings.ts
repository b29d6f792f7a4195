import { LakotaError } from "./errors.ts";
import { Strings } from "./strings.ts";

const encoder = new TextEncoder();

/** Encodes strings. @throws `invalid-frame` for a lone surrogate, which UTF-8 cannot represent */
export function encodeStrings(items: ArrayLike<string>): Strings {
  const offsets = new Uint32Array(items.length + 1);
  let bytes = new Uint8Array(Math.max(64, items.length * 16));
  let used = 0;
  for (let i = 0; i < items.length; i++) {
    const item = items[i]!;
    if (!item.isWellFormed()) {
      throw new LakotaError(
        "invalid-frame",
        `The string at row ${i} has a lone surrogate; it cannot be stored as UTF-8.`,
      );
    }
    if (bytes.length - used < item.length * 3) {
      const grown = new Uint8Array(Math.max(bytes.length * 2, used + item.length * 3));
      grown.set(bytes.subarray(0, used));
      bytes = grown;
    }
    used += encoder.encodeInto(item, bytes.subarray(used)).written;
    offsets[i + 1] = used;
  }
  return new Strings(bytes.slice(0, used), offsets);
}
