/** What most clients, who only read, do not need, as one lazily loaded part. */
export { BatchSession } from "./batch-session.ts";
export { clone, diff } from "./rare-calls.ts";
export { openResults } from "./results.ts";
