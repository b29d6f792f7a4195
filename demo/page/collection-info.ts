import type { OpenCollection } from "../state/page-state.ts";
import { byId, createElement } from "./dom.ts";

/** Describes the open collection below the title, and credits the source of its data at the end of the page. */
export function showCollectionInfo(open: OpenCollection | undefined): void {
  const { collection, source } = open ?? {};
  const columns = collection?.schema.columns.map(({ name }) => name).join(", ");
  byId("about", HTMLElement).textContent =
    source?.about ?? (collection ? `${collection.label}: ${columns}` : "");
  const footer = byId("source", HTMLElement);
  footer.hidden = !source;
  if (!source) return;
  const link = createElement("a", {
    text: source.provider,
    attributes: { href: source.url, rel: "noreferrer" },
  });
  footer.replaceChildren("Data: ", link, ` from the package vega-datasets. Terms: ${source.licence}.`);
}
