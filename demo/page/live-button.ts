import type { Collection } from "lakota";
import { formatQuantity } from "./format.ts";

/** Milliseconds between two listings. */
const POLL_INTERVAL = 2_000;

/**
 * The button that turns live updates on and off: while it is pressed, the page follows the writes of others.
 */
export class LiveButton {
  readonly #onUpdate: (sentence: string) => void;
  readonly #button: HTMLElement;
  #collection: Collection | undefined;
  #labels: readonly string[] = [];
  #unwatch: (() => void) | undefined;

  constructor(onUpdate: (sentence: string) => void, button: HTMLElement) {
    this.#onUpdate = onUpdate;
    this.#button = button;
    button.addEventListener("click", () => {
      if (this.#unwatch) this.stop();
      else this.#start().catch(() => this.stop()); // the error is shown by the page's next read
    });
  }

  /** Sets which series of a collection are followed. */
  follow(collection: Collection, labels: readonly string[]): void {
    this.#collection = collection;
    this.#labels = labels;
    this.#button.hidden = false;
  }

  stop(): void {
    this.#unwatch?.();
    this.#unwatch = undefined;
    this.#button.setAttribute("aria-pressed", "false");
  }

  async #start(): Promise<void> {
    const collection = this.#collection;
    if (!collection) return;
    this.#button.setAttribute("aria-pressed", "true");
    const watching = new AbortController();
    const { signal } = watching;
    this.#unwatch = () => watching.abort();
    // The data on the page may be older than the first listing: onUpdate has the page read again.
    await collection.refresh();
    const since = (await collection.log({ signal })).filter(({ head }) => head);
    if (signal.aborted) return;
    this.#onUpdate("Live.");
    collection.watch(
      ({ revisions, ranges }) => {
        if (ranges.some(({ label }) => this.#labels.includes(label)))
          this.#onUpdate(`${formatQuantity(revisions.length, "new revision")}.`);
      },
      // After an error the next listing tries again; the connection status shows that the store is offline.
      { every: POLL_INTERVAL, since, signal, onError: () => {} },
    );
  }
}
