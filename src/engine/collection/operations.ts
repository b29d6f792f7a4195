/** Everything on a collection but reading, as one lazily loaded part: readers never need it. */
export { readLocalState } from "../read/local-state.ts";
export { collectChanges } from "./batch.ts";
export { defrag } from "./defrag.ts";
export { describe } from "./describe.ts";
export { diff } from "./diff.ts";
export { merge } from "./merge.ts";
export { pin, pinned, unpin } from "./pin.ts";
export { revert } from "./revert.ts";
export { startTransaction } from "./start-transaction.ts";
export { trim } from "./trim.ts";
export { nextChange, watch } from "./watch.ts";
