import { parseSettings } from "./connection/settings.ts";
import { Explorer } from "./explorer.ts";

const home = __DEMO__;
const explorer = new Explorer(home);
/** The repository of the link, or else the page's default one. */
const settings = parseSettings(location.search) ?? home;
if (settings) void explorer.connect(settings);
else explorer.welcome();

if (import.meta.env.PROD && "serviceWorker" in navigator) {
  // Caches the page's own files, so that the page loads without a network. Not available over plain http.
  navigator.serviceWorker
    .register("./sw.js")
    .catch((error: unknown) => console.warn("The service worker could not be registered:", error));
}
