import type { Collection } from "lakota";
import { formatQuantity } from "./format.ts";

/** Milliseconds between two looks at the store. */
const POLL_INTERVAL = 2_000;

/** Follows what others write, while the button is pressed. */
export class LiveButton {
  readonly #onUpdate: (sentence: string) => void;
  readonly #button: HTMLElement;
  #collection: Collection | undefined;
  #labels: readonly string[] = [];
  #unwatch: (() => void) | undefined;

  constructor(onNews: (sentence: string) => void, button: HTMLElement) {
    this.#onUpdate = onNews;
    this.#button = button;
    button.addEventListener("click", () => {
      if (this.#unwatch) this.stop();
      else this.#start().catch(() => this.stop()); // the page says elsewhere what is wrong
    });
  }

  /** What to follow: some series of a collection. */
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
    const ending = new AbortController();
    const { signal } = ending;
    this.#unwatch = () => ending.abort();
    // What is shown may be of some time ago: what came before the first look is read now.
    await collection.refresh();
    const since = (await collection.log({ signal })).filter(({ head }) => head);
    if (signal.aborted) return;
    this.#onUpdate("Live.");
    collection.watch(
      ({ revisions, ranges }) => {
        if (ranges.some(({ label }) => this.#labels.includes(label)))
          this.#onUpdate(`${formatQuantity(revisions.length, "new revision")}.`);
      },
      // A look that failed is followed by another one; the page says elsewhere that it is offline.
      { every: POLL_INTERVAL, since, signal, onError: () => {} },
    );
  }
}
