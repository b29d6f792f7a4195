import { explainFailures } from "../../model/api/arguments.ts";
import type { Batch } from "../../model/api/collection.ts";
import { BatchGuard } from "../../model/batch-guard.ts";
import { checkLabel } from "../../model/check-label.ts";
import type { Transaction } from "../write/transaction.ts";

/**
 * Passes the changes that `work` makes on to a transaction: {@link Collection.batch} without the commit.
 *
 * @param signal of the batch, which also fires when the repo is closed
 */
export async function collectChanges(
  transaction: Transaction,
  work: (batch: Batch) => Promise<unknown>,
  signal: AbortSignal,
): Promise<void> {
  const guard = new BatchGuard(signal);
  const batch: Batch = {
    series: (label) => {
      checkLabel(label);
      return {
        write: (frame, options) => guard.run(() => transaction.write(label, frame, options ?? {}, signal)),
        update: (frame) => guard.run(() => transaction.update(label, frame)),
        delete: (options) => guard.run(() => transaction.delete(label, options)),
      };
    },
    drop: (labels) => guard.run(() => transaction.drop([labels].flat().map(checkLabel))),
    rename: (label, to) => guard.run(() => transaction.rename(checkLabel(label), checkLabel(to))),
  };
  explainFailures(batch, "Batch");
  try {
    await work(batch);
  } finally {
    guard.end();
  }
}
