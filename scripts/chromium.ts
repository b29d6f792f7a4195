import { existsSync, readFileSync } from "node:fs";

/** In a JSON file because setup.mjs, plain JavaScript, reads it too. */
const CANDIDATES: readonly string[] = JSON.parse(
  readFileSync(new URL("./chromium.json", import.meta.url), "utf8"),
);

/** Returns the path of `$CHROMIUM` or of an installed Chromium; undefined for Playwright's own download. */
export function chromiumPath(): string | undefined {
  return [process.env.CHROMIUM, ...CANDIDATES].find((path) => path && existsSync(path));
}
