import type { ValueDecoder } from "./decode.ts";
import { decodeJson } from "./json-decode.ts";
import { decodeVlen } from "./vlen-decode.ts";

/** In one piece, which loads when it is first called for. */
export const lazyDecoders: Readonly<Record<string, ValueDecoder>> = {
  json2: decodeJson,
  "vlen-utf8": (bytes, { kind }) => (kind === "object" ? decodeVlen(bytes).toArray() : decodeVlen(bytes)),
};
