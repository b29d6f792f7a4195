/** What only writers need, as one chunk that is loaded on demand. */
export { encodeCommit } from "./commit-encode.ts";
export { placeMerge } from "./python/placement.ts";
export { recordAncestors } from "./recent-ancestors.ts";
