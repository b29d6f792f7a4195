// A module of its own, so that a bundle of it holds this one hash of the many.
export { createSHA1 } from "hash-wasm";
