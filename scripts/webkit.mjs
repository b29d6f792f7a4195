// Installs WebKitGTK, in which `npm run test:bundlers` and `npm run test:engines` run pages, from Debian's packages.
import { aptInstall, has, say } from "./system.mjs";

/** What is needed, by the commands that the packages bring. The first one also brings the browser that it drives. */
const PACKAGES = { WebKitWebDriver: "webkit2gtk-driver", Xvfb: "xvfb" };

const missing = () => Object.keys(PACKAGES).filter((command) => !has(command));

/** Installs WebKitGTK and a display for it if commands are missing. Returns whether all are available. */
export function setUpWebKit() {
  if (missing().length > 0 && has("apt-get")) {
    say(`missing: ${missing().join(", ")}`);
    aptInstall("--no-install-recommends", ...Object.values(PACKAGES));
  }
  if (missing().length === 0) return true;
  say(`WebKitGTK is needed (${missing().join(", ")} missing), and could not be installed with apt-get.`);
  return false;
}
