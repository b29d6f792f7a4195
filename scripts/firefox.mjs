// Installs Firefox, in which `npm run test:engines` runs pages, from Debian's packages.
import { existsSync } from "node:fs";
import { aptInstall, has, say } from "./system.mjs";

const isInstalled = () => existsSync(process.env.FIREFOX ?? "/usr/bin/firefox-esr");

/** Installs Firefox if it is missing. Returns whether it is available. */
export function setUpFirefox() {
  if (isInstalled()) return true;
  say("missing: firefox-esr");
  if (has("apt-get")) aptInstall("--no-install-recommends", "firefox-esr");
  if (isInstalled()) return true;
  say("Firefox could not be installed with apt-get. Install it yourself and set FIREFOX to its path.");
  return false;
}
