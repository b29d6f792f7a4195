import type { Collection } from "lakota";
import type { DataSource } from "../seed/data-sources.ts";
import { byId, createElement } from "./dom.ts";

/** Describes a collection below the title, and credits the source of its data at the end of the page. */
export function showCollectionInfo({ label, schema }: Collection, source: DataSource | undefined): void {
  const columns = schema.columns.map(({ name }) => name).join(", ");
  byId("about", HTMLElement).textContent = source?.about ?? `${label}: ${columns}`;
  const footer = byId("source", HTMLElement);
  footer.hidden = !source;
  if (!source) return;
  const link = createElement("a", {
    text: source.provider,
    attributes: { href: source.url, rel: "noreferrer" },
  });
  footer.replaceChildren("Data: ", link, ` from the package vega-datasets. Terms: ${source.licence}.`);
}
