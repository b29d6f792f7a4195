import { Transaction } from "../write/transaction.ts";
import type { CollectionContext } from "./collection-context.ts";
import { moveDescriptions } from "./describe.ts";
import { writeContext } from "./write-context.ts";

/** Starts a transaction of a collection: {@link EngineCollection.transaction}. */
export function startTransaction(collection: CollectionContext): Transaction {
  return new Transaction({
    ...writeContext(collection),
    renamed: (labels, signal) => moveDescriptions(collection, labels, signal),
  });
}
