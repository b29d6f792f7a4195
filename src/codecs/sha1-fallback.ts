// A separate module, so that its chunk contains only this one of the hashes.
export { createSHA1 } from "hash-wasm";
