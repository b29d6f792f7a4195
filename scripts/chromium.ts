import { existsSync } from "node:fs";

const CANDIDATES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** The Chromium to drive: `$CHROMIUM`, else one that is installed, else Playwright's own (undefined). */
export function chromiumPath(): string | undefined {
  return [process.env.CHROMIUM, ...CANDIDATES].find((path) => path && existsSync(path));
}
