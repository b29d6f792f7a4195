/** All that readers never need, in one piece, which loads when any of it is first called for. */

export { readLocalState } from "../read/local-state.ts";
export { clone } from "../repo/clone.ts";
export { deleteCollection } from "../repo/delete-collection.ts";
export { gc } from "../repo/gc.ts";
export { Publisher } from "../repo/publish.ts";
export { adoptCollection, createCollection, renameCollection } from "../repo/create-collection.ts";
export { Sender } from "../repo/send.ts";
export { sync } from "../repo/sync.ts";
export { verify } from "../repo/verify.ts";
export { writerOf } from "../write/chunk-writer.ts";
export { Transaction } from "../write/transaction.ts";
export { defrag } from "./defrag.ts";
export { diff } from "./diff.ts";
export { withDetails } from "./log-details.ts";
export { merge, revert } from "./merge.ts";
export { pin, pinned, unpin } from "./pin.ts";
export { trim } from "./trim.ts";
export { warmUp } from "./warm-up.ts";
export { nextChange } from "./watch.ts";
