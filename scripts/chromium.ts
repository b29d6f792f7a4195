import { existsSync, readFileSync } from "node:fs";

/** Shared with setup.mjs, which runs before anything is installed. */
const CANDIDATES: readonly string[] = JSON.parse(
  readFileSync(new URL("./chromium.json", import.meta.url), "utf8"),
);

/** The Chromium to drive: `$CHROMIUM`, else one that is installed, else Playwright's own (undefined). */
export function chromiumPath(): string | undefined {
  return [process.env.CHROMIUM, ...CANDIDATES].find((path) => path && existsSync(path));
}
