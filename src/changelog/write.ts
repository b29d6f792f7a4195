/** What readers never need, in one piece, which loads when it is first called for. */
export { encodeCommit } from "./encode-commit.ts";
export { place } from "./place.ts";
