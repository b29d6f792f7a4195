/** All that readers never need, in one piece, which loads when any of it is first called for. */
export { clone } from "./clone.ts";
export { defrag } from "./defrag.ts";
export { deleteCollection } from "./delete.ts";
export { diff } from "./diff.ts";
export { gc } from "./gc.ts";
export { merge, revert } from "./join.ts";
export { withDetails } from "./log-details.ts";
export { adopt, create, rename } from "./naming.ts";
export { pin, pinned, unpin } from "./pin.ts";
export { Publisher } from "./publish.ts";
export { Sender } from "./send.ts";
export { sync } from "./sync.ts";
export { Transaction } from "./transaction.ts";
export { trim } from "./trim.ts";
export { verify } from "./verify.ts";
export { warmUp } from "./warm-up.ts";
export { nextChange } from "./watch.ts";
export { writerOf } from "./writer.ts";
