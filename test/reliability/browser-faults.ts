import type { BrowserContext, Page } from "@playwright/test";
import type { ErrorCode } from "../../src/model/errors.ts";

/** A fault of the browser as data. */
export interface BrowserFault {
  readonly name: string;
  /** Whether IndexedDB opens no database, from the start. */
  readonly blocked?: boolean;
  /** Bytes that the page may store. Default: as many as the browser allows. */
  readonly quota?: number;
  /** What happens while a request of the operation is held. */
  readonly strike?: (page: Page, context: BrowserContext) => Promise<unknown>;
  /** Ends the fault. The same repo must then work. */
  readonly recover?: (context: BrowserContext) => Promise<void>;
  /** Codes of the errors that are right. */
  readonly codes: readonly ErrorCode[];
  /** Whether `network` is shown as `offline`: the browser may notice that it is offline after the request has failed. */
  readonly isOffline?: boolean;
  /** Whether the page is gone, so that only clean clients can tell what is left. */
  readonly isPageGone?: boolean;
}

export const browserFaults: readonly BrowserFault[] = [
  { name: "IndexedDB blocked", blocked: true, codes: ["quota", "unsupported"] },
  { name: "IndexedDB full", quota: 1_000, codes: ["quota"] },
  {
    name: "IndexedDB lost",
    strike: (page) => page.evaluate(() => window.reliability.loseDatabases()),
    codes: [],
  },
  {
    name: "worker killed",
    strike: (page) => page.evaluate(() => window.reliability.crash()),
    codes: ["crashed"],
  },
  { name: "tab closed", strike: (page) => page.close(), codes: [], isPageGone: true },
  {
    name: "offline",
    strike: (_, context) => context.setOffline(true),
    recover: (context) => context.setOffline(false),
    codes: ["offline", "network"],
    isOffline: true,
  },
];
