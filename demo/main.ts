import { EMPTY_SETTINGS, parseSettings, type Settings } from "./connection/settings.ts";
import { Explorer } from "./explorer.ts";
import { isEmbedded, showEmbedded } from "./page/embed.ts";

if (isEmbedded(location.search)) showEmbedded();
const home = __DEMO__ ?? servedRepo();
const explorer = new Explorer(home);
/** The repository of the link, or else the page's default one. */
const settings = parseSettings(location.search) ?? home;
if (settings) explorer.connect(settings);
else explorer.welcome();

/** Returns the repository of the server that the page comes from, where the server names one, as `lakota serve` does. */
function servedRepo(): Settings | undefined {
  const path = document.querySelector<HTMLMetaElement>('meta[name="lakota-repo"]')?.content;
  return path === undefined ? undefined : { ...EMPTY_SETTINGS, uri: new URL(path, location.href).href };
}

if (import.meta.env.PROD && "serviceWorker" in navigator) {
  // Caches the page's own files, so that the page loads without a network. Not available over plain http.
  navigator.serviceWorker
    .register("./sw.js")
    .catch((error: unknown) => console.warn("The service worker could not be registered:", error));
}
