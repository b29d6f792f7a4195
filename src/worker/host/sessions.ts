/** What stays open between calls of the client, as one lazily loaded part: most clients only read. */
export { BatchSession } from "./batch-session.ts";
export { FramePages } from "./frame-pages.ts";
export { packChanges } from "./pack-changes.ts";
