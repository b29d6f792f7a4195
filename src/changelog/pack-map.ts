import { encode } from "@msgpack/msgpack";
import type { Bytes } from "../model/bytes.ts";

/** Encodes a file that is a list whose first item is a map, as a commit is. */
export const packMap = (payload: Readonly<Record<string, unknown>>): Bytes =>
  encode([payload, "|O", [1]], { ignoreUndefined: true }).slice();
