/** What readers never need, in one piece, which loads when it is first called for. */
export { encodeCommit } from "./commit-encode.ts";
export { placeMerge } from "./python/placement.ts";
