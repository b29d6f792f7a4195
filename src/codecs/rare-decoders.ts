/** Decoders that few columns need, as one chunk that is loaded on demand. */
export { decodeJson } from "./json-decode.ts";
export { decodeVlen } from "./vlen-decode.ts";
