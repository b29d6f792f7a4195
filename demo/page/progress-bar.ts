import type { ReadProgress } from "lakota";
import { elementsById } from "./dom.ts";
import { formatBytes, formatCount, formatQuantity } from "./format.ts";

/** Milliseconds before the bar appears: most reads are faster. */
const DELAY = 150;
/** Milliseconds without progress after which the page says that the server is slow. */
const SLOW = 5_000;

/** The progress bar of a read. */
export class ProgressBar {
  readonly #parts = elementsById({ progress: "*", bar: "progress", progressText: "*", progressSlow: "*" });
  #showTimer: ReturnType<typeof setTimeout> | undefined;
  #slowTimer: ReturnType<typeof setTimeout> | undefined;

  start(): void {
    this.#parts.bar.removeAttribute("value");
    this.#parts.progressText.textContent = "Preparing";
    clearTimeout(this.#showTimer);
    this.#showTimer = setTimeout(() => {
      this.#parts.progress.hidden = false;
    }, DELAY);
    this.#restartSlowTimer();
  }

  show({ chunks, totalChunks, bytes: done, totalBytes, fetched, cached }: ReadProgress): void {
    this.#restartSlowTimer();
    this.#parts.bar.max = Math.max(1, totalBytes);
    this.#parts.bar.value = done;
    this.#parts.progressText.textContent = [
      `${formatCount(chunks)} of ${formatQuantity(totalChunks, "part")}`,
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
    this.#parts.progress.hidden = true;
  }

  #restartSlowTimer(): void {
    clearTimeout(this.#slowTimer);
    this.#parts.progressSlow.hidden = true;
    this.#slowTimer = setTimeout(() => {
      this.#parts.progressSlow.hidden = false;
    }, SLOW);
  }
}
