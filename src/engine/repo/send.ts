import type { Conflict } from "../../model/api/history.ts";
import type { SendReport } from "../../model/api/sync.ts";
import { asLakotaError } from "../../model/errors.ts";
import type { Store } from "../../stores/store.ts";
import { collectionFolders } from "./collection-folders.ts";
import { allDescriptions } from "./descriptions.ts";
import type { Registry } from "./registry.ts";

type Conflicts = (Conflict & { collection: string })[];

/** Sends files that were written offline, and merges their revisions with those of others. */
export class Sender {
  readonly #store: Store;
  readonly #registry: Registry;
  readonly #warn: (message: string) => void;
  readonly #closed: AbortSignal;
  /** Collects the conflicts for a running {@link send}. Without one, conflicts are reported as a warning. */
  #report: Conflicts | undefined;
  #merging: Promise<void> = Promise.resolve();

  constructor(store: Store, registry: Registry, warn: (message: string) => void, closed: AbortSignal) {
    this.#store = store;
    this.#registry = registry;
    this.#warn = warn;
    this.#closed = closed;
  }

  /** Sends all pending files: {@link Repo.send}. */
  async send(): Promise<SendReport> {
    const conflicts: Conflicts = [];
    const { local } = this.#store;
    if (!local) return { sent: 0, waiting: 0, conflicts };
    this.#report = conflicts;
    try {
      const before = (await local.pending()).length;
      await local.send();
      await this.#merging;
      const waiting = (await local.pending()).length;
      return { sent: before - waiting, waiting, conflicts };
    } finally {
      this.#report = undefined;
    }
  }

  /**
   * Merges the collections of sent files. Must be called whenever files were sent, and runs in the
   * background: if a write triggered the sending, it holds the lock that the merge needs.
   */
  merge(paths: readonly string[]): void {
    const report = this.#report;
    this.#merging = this.#merge(paths).then(
      (conflicts) => {
        if (report) report.push(...conflicts);
        else if (conflicts.length > 0) this.#warn(conflictWarning(conflicts));
      },
      (error: unknown) => {
        if (this.#closed.aborted) return; // the next write merges the heads
        this.#warn(`Offline writes were sent, but not merged yet: ${asLakotaError(error).message}`);
      },
    );
  }

  async #merge(paths: readonly string[]): Promise<Conflicts> {
    const registry = this.#registry;
    const signal = this.#closed;
    registry.refresh();
    const isTouched = (folder: string) => paths.some((path) => path.startsWith(`${folder}/`));
    if (isTouched(registry.collection.path)) {
      const { conflicts } = await registry.collection.merge({ signal });
      if (conflicts.length > 0) this.#warn(registryWarning(conflicts));
    }
    const conflicts: Conflicts = [];
    const descriptions = await allDescriptions(registry, { signal });
    for (const [label, folder] of await collectionFolders(registry, { signal })) {
      const described = descriptions.get(folder);
      if (described && isTouched(described.path)) await described.merge({ signal }); // each field by itself: the later one counts
      if (!isTouched(folder)) continue;
      const collection = await registry.get(label, { signal });
      const report = await collection?.merge({ signal });
      for (const conflict of report?.conflicts ?? []) conflicts.push({ ...conflict, collection: label });
    }
    return conflicts;
  }
}

function conflictWarning(conflicts: Conflicts): string {
  const labels = [...new Set(conflicts.map(({ collection, label }) => `${collection}: ${label}`))].join(", ");
  return `Others had written to the same ranges as your offline writes. The later write is visible: ${labels}.`;
}

function registryWarning(conflicts: readonly Conflict[]): string {
  const labels = [...new Set(conflicts.map(({ start }) => String(start[0])))].join(", ");
  return (
    `Collections that were created, renamed or deleted offline were also changed by others: ${labels}. The registry keeps ` +
    "the later change. The other one is in the registry's history, and its rows are in its folder."
  );
}
