import type { Repo, RepoStatus } from "lakota";
import { type CostMoment, costBetween, type ReadCost, ZERO_COST } from "../data/read-cost.ts";
import { byId } from "./dom.ts";
import { formatBytes, formatCount, formatDuration, formatQuantity, formatTime } from "./format.ts";

/** Milliseconds between two readings of the cache's size. */
const POLL_INTERVAL = 500;

/** Rows, time, bytes and requests of the picture that is shown, and totals since the repository was opened. */
export class ReadStatistics {
  #repo: Repo | undefined;
  #start: Promise<CostMoment> = Promise.resolve(ZERO_COST);

  /** Starts to measure: another picture is read. `repo` is undefined before one is open. */
  start(repo: Repo | undefined): Promise<void> {
    this.#repo = repo;
    const time = performance.now();
    const zero = { ...ZERO_COST, time };
    this.#start = repo
      ? repo.status().then(
          (status) => ({ time, status }),
          () => zero, // the repo was closed meanwhile
        )
      : Promise.resolve(zero);
    return this.#start.then(() => undefined);
  }

  /** Shows what reading took since {@link start}. `report` is called with the same as a sentence. */
  show(repo: Repo, rows: number, report: (sentence: string) => void): void {
    this.#repo = repo;
    const start = this.#start;
    const time = performance.now();
    void Promise.all([start, repo.status()]).then(
      ([begun, status]) => {
        if (repo !== this.#repo || start !== this.#start) return;
        report(showCost(rows, costBetween(begun, { time, status })));
        showTotals(status);
        this.#pollCacheSize(repo, status.kept);
      },
      () => {}, // the repo was closed meanwhile
    );
  }

  hide(): void {
    byId("figures").hidden = true;
    byId("share").hidden = true;
    byId("kept").textContent = "";
  }

  /** The cache is written in the background: updates its size until it stops growing. */
  #pollCacheSize(repo: Repo, previous: number): void {
    setTimeout(async () => {
      if (repo !== this.#repo) return;
      const status = await repo.status().catch(() => undefined); // undefined: the repo was closed meanwhile
      if (!status || repo !== this.#repo || byId("figures").hidden) return;
      showTotals(status);
      if (status.kept !== previous) this.#pollCacheSize(repo, status.kept);
    }, POLL_INTERVAL);
  }
}

/** Shows the cost of a read, and returns it as a sentence for screen readers. */
function showCost(rows: number, { milliseconds, fetched, cached, requests }: ReadCost): string {
  byId("rows").textContent = formatCount(rows);
  byId("time").textContent = formatDuration(milliseconds);
  byId("network").textContent = formatBytes(fetched);
  byId("cache").textContent = formatBytes(cached);
  byId("requests").textContent = formatCount(requests);
  byId("figures").hidden = false;
  const share = byId("share");
  share.hidden = fetched + cached === 0;
  share.style.setProperty("--network", `${(100 * fetched) / Math.max(1, fetched + cached)}%`);
  const sources = `${formatBytes(fetched)} from the network, ${formatBytes(cached)} from the cache`;
  return `${formatQuantity(rows, "row")} in ${formatDuration(milliseconds)}: ${sources}.`;
}

/** Shows what was read since the repository was opened, and how much of it this device keeps. */
export function showTotals({ fetched, cached, kept, staleSince }: RepoStatus): void {
  byId("kept").textContent = [
    `Since this page was opened: ${formatBytes(fetched)} from the network, ${formatBytes(cached)} from the cache.`,
    kept > 0 && `Kept on this device: ${formatBytes(kept)}.`,
    staleSince &&
      `The server cannot be reached. Shown is its state of ${formatTime(staleSince.getTime(), 60_000)} UTC.`,
  ]
    .filter(Boolean)
    .join(" ");
}
