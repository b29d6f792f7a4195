import { readFileSync, writeFileSync } from "node:fs";
import type { Browser } from "@playwright/test";

/** Measures the memory of a browser's pages and workers: the largest resident size of the process that runs them. */
export class PeakMemory {
  /** Resident bytes at the start, by process. */
  readonly #before: ReadonlyMap<number, number>;

  private constructor(before: ReadonlyMap<number, number>) {
    this.#before = before;
  }

  /** Starts to measure. Returns undefined where the system has no `/proc`. */
  static async start(browser: Browser): Promise<PeakMemory | undefined> {
    try {
      const session = await browser.newBrowserCDPSession();
      const { processInfo } = await session.send("SystemInfo.getProcessInfo");
      await session.detach();
      const before = new Map<number, number>();
      for (const { type, id } of processInfo) {
        if (type !== "renderer") continue;
        writeFileSync(`/proc/${id}/clear_refs`, "5"); // sets the peak to what it is now
        before.set(id, residentBytes(id, "VmRSS"));
      }
      return new PeakMemory(before);
    } catch {
      return undefined;
    }
  }

  /** Returns by how many bytes a process has grown most since the start. Workers are in the process of their page. */
  growth(): number {
    return Math.max(...[...this.#before].map(([id, bytes]) => residentBytes(id, "VmHWM") - bytes));
  }
}

function residentBytes(id: number, field: "VmRSS" | "VmHWM"): number {
  const status = readFileSync(`/proc/${id}/status`, "utf8");
  return 1024 * Number(new RegExp(`^${field}:\\s*(\\d+) kB`, "m").exec(status)![1]);
}
