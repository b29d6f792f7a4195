import { parseSettings } from "./connection/settings.ts";
import { Explorer } from "./explorer.ts";

/** A link names the repository; else it is the one that this page was made for; else the user is asked. */
const shared = parseSettings(location.search);
const home = __DEMO__;
const explorer = new Explorer(home);
const settings = shared ?? home;
if (settings) void explorer.connect(settings);
else explorer.welcome();

if (import.meta.env.PROD && "serviceWorker" in navigator) {
  // Keeps the page's own files, so that it opens without a network. In plain http it is not to be had.
  navigator.serviceWorker
    .register("./sw.js")
    .catch((error: unknown) => console.warn("No service worker:", error));
}
