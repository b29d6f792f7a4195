import type { Conflict } from "../../model/api/history.ts";
import type { SendReport } from "../../model/api/sync.ts";
import { asLakotaError } from "../../model/errors.ts";
import { CacheStore } from "../../stores/cache/cache-store.ts";
import type { Store } from "../../stores/store.ts";
import type { Registry } from "./registry.ts";

type Conflicts = (Conflict & { collection: string })[];

/** Sends what was written without a network, and joins it with what others have written meanwhile. */
export class Sender {
  readonly #store: Store;
  readonly #registry: Registry;
  readonly #warn: (message: string) => void;
  readonly #closed: AbortSignal;
  /** Who asked for sending hears of conflicts; who did not is warned. */
  #asked: Conflicts | undefined;
  #joining: Promise<void> = Promise.resolve();

  constructor(store: Store, registry: Registry, warn: (message: string) => void, closed: AbortSignal) {
    this.#store = store;
    this.#registry = registry;
    this.#warn = warn;
    this.#closed = closed;
  }

  /** What {@link Repo.send} does. */
  async send(): Promise<SendReport> {
    const conflicts: Conflicts = [];
    if (!(this.#store instanceof CacheStore)) return { sent: 0, waiting: 0, conflicts };
    this.#asked = conflicts;
    try {
      const before = (await this.#store.waiting()).length;
      await this.#store.send();
      await this.#joining;
      const waiting = (await this.#store.waiting()).length;
      return { sent: before - waiting, waiting, conflicts };
    } finally {
      this.#asked = undefined;
    }
  }

  /**
   * To be called after files were sent, on whatever occasion. Goes on in the background: a write that made what waited
   * be sent holds the lock that merging needs.
   */
  join(paths: readonly string[]): void {
    const asked = this.#asked;
    this.#joining = this.#join(paths).then(
      (conflicts) => {
        if (asked) asked.push(...conflicts);
        else if (conflicts.length > 0) this.#warn(toldAsWarning(conflicts));
      },
      (error: unknown) => {
        if (this.#closed.aborted) return; // the next write joins the heads
        this.#warn(`What was written offline was sent, but not merged yet: ${asLakotaError(error).message}`);
      },
    );
  }

  async #join(paths: readonly string[]): Promise<Conflicts> {
    const registry = this.#registry;
    const signal = this.#closed;
    registry.refresh();
    const isTouched = (folder: string) => paths.some((path) => path.startsWith(`${folder}/`));
    if (isTouched(registry.rows.path)) {
      const { conflicts } = await registry.rows.merge({ signal });
      if (conflicts.length > 0) this.#warn(toldOfNames(conflicts));
    }
    const conflicts: Conflicts = [];
    for (const [label, folder] of await registry.paths({ signal })) {
      if (!isTouched(folder)) continue;
      const collection = await registry.get(label, { signal });
      const report = await collection?.merge({ signal });
      for (const conflict of report?.conflicts ?? []) conflicts.push({ ...conflict, collection: label });
    }
    return conflicts;
  }
}

function toldAsWarning(conflicts: Conflicts): string {
  const labels = [...new Set(conflicts.map(({ collection, label }) => `${collection}: ${label}`))].join(", ");
  return `Others had written to what was written offline; the later write is seen. ${labels}`;
}

function toldOfNames(conflicts: readonly Conflict[]): string {
  const labels = [...new Set(conflicts.map(({ start }) => String(start[0])))].join(", ");
  return (
    `What was made, renamed or deleted offline, others have made or changed too; the later is in the registry. ${labels}. ` +
    "The other is in the registry's history, and its rows are in its folder."
  );
}
