import type { ReadProgress } from "lakota";
import { byId } from "./dom.ts";
import { formatBytes, formatCount, formatQuantity } from "./format.ts";

/** Milliseconds before the bar appears: most reads are faster. */
const DELAY = 150;
/** Milliseconds without progress after which the page says that the server is slow. */
const SLOW = 5_000;

/** The progress bar of a read. */
export class ProgressBar {
  readonly #box = byId("progress", HTMLElement);
  readonly #bar = byId("bar", HTMLProgressElement);
  readonly #text = byId("progress-text", HTMLElement);
  readonly #slow = byId("progress-slow", HTMLElement);
  #showTimer: ReturnType<typeof setTimeout> | undefined;
  #slowTimer: ReturnType<typeof setTimeout> | undefined;

  start(): void {
    this.#bar.removeAttribute("value");
    this.#text.textContent = "Preparing";
    clearTimeout(this.#showTimer);
    this.#showTimer = setTimeout(() => {
      this.#box.hidden = false;
    }, DELAY);
    this.#restartSlowTimer();
  }

  show({ chunks, totalChunks, bytes: done, totalBytes, fetched, cached }: ReadProgress): void {
    this.#restartSlowTimer();
    this.#bar.max = Math.max(1, totalBytes);
    this.#bar.value = done;
    this.#text.textContent = [
      `${formatCount(chunks)} of ${formatQuantity(totalChunks, "chunk")}`,
      `${formatBytes(done)} of ${formatBytes(totalBytes)}`,
      fetched > 0 && `${formatBytes(fetched)} from the network`,
      cached > 0 && `${formatBytes(cached)} from the cache`,
    ]
      .filter(Boolean)
      .join(" · ");
  }

  end(): void {
    clearTimeout(this.#showTimer);
    clearTimeout(this.#slowTimer);
    this.#box.hidden = true;
  }

  #restartSlowTimer(): void {
    clearTimeout(this.#slowTimer);
    this.#slow.hidden = true;
    this.#slowTimer = setTimeout(() => {
      this.#slow.hidden = false;
    }, SLOW);
  }
}
