import type { ReadProgress, RepoStatus } from "lakota";
import type { ReadCost } from "../data/read-cost.ts";
import { byId } from "./dom.ts";
import { formatBytes, formatCount, formatDuration, formatQuantity } from "./format.ts";

const element = (id: string) => byId(id, HTMLElement);

/** Milliseconds without news after which the user is told that it is not the page that is slow. */
const SLOW = 5_000;

/** The progress bar of one read. It is seen only where a read takes long enough to be noticed. */
export class ProgressBar {
  readonly #box = element("progress");
  readonly #bar = byId("bar", HTMLProgressElement);
  readonly #text = element("progress-text");
  readonly #slow = element("progress-slow");
  #timer: ReturnType<typeof setTimeout> | undefined;
  #waiting: ReturnType<typeof setTimeout> | undefined;

  start(): void {
    this.#bar.removeAttribute("value");
    this.#text.textContent = "Looking up what to read";
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#box.hidden = false;
    }, 150);
    this.#expectNews();
  }

  show({ chunks, totalChunks, bytes: done, totalBytes, fetched, cached }: ReadProgress): void {
    this.#expectNews();
    this.#bar.max = Math.max(1, totalBytes);
    this.#bar.value = done;
    const from = [
      fetched > 0 && `${formatBytes(fetched)} from the network`,
      cached > 0 && `${formatBytes(cached)} from the cache`,
    ];
    this.#text.textContent = [
      `${formatCount(chunks)} of ${formatQuantity(totalChunks, "chunk")}`,
      `${formatBytes(done)} of ${formatBytes(totalBytes)}`,
      ...from.filter((part) => part !== false),
    ].join(" · ");
  }

  end(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#waiting);
    this.#box.hidden = true;
  }

  #expectNews(): void {
    clearTimeout(this.#waiting);
    this.#slow.hidden = true;
    this.#waiting = setTimeout(() => {
      this.#slow.hidden = false;
    }, SLOW);
  }
}

/** What a read took, in figures and as one sentence for screen readers. */
export function showFigures(rows: number, cost: ReadCost): string {
  const { milliseconds, fetched, cached, requests, total } = cost;
  element("rows").textContent = formatCount(rows);
  element("time").textContent = formatDuration(milliseconds);
  element("network").textContent = formatBytes(fetched);
  element("cache").textContent = formatBytes(cached);
  element("requests").textContent = formatCount(requests);
  element("figures").hidden = false;
  const share = element("share");
  share.hidden = fetched + cached === 0;
  share.style.setProperty("--network", `${(100 * fetched) / Math.max(1, fetched + cached)}%`);
  showTotals(total);
  return `${formatQuantity(rows, "row")} in ${formatDuration(milliseconds)}: ${formatBytes(fetched)} from the network, ${formatBytes(cached)} from the cache.`;
}

/** What the repo has done since it was opened, and what this device keeps of it. */
export function showTotals({ fetched, cached, kept, staleSince }: RepoStatus): void {
  element("kept").textContent = [
    `Since this page was opened: ${formatBytes(fetched)} from the network, ${formatBytes(cached)} from the cache.`,
    kept > 0 && `Kept on this device: ${formatBytes(kept)}.`,
    staleSince &&
      `The server cannot be reached: this is what was known at ${staleSince.toLocaleTimeString()}.`,
  ]
    .filter(Boolean)
    .join(" ");
}

export function hideFigures(): void {
  element("figures").hidden = true;
  element("share").hidden = true;
  element("kept").textContent = "";
}
