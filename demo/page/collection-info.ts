import type { Collection } from "lakota";
import type { DataSource } from "../seed/data-sources.ts";
import { byId, createElement } from "./dom.ts";

/** What a collection holds, below the title, and whose data it is, at the end of the page. */
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
  footer.replaceChildren("Data: ", link, ` by way of vega-datasets. Terms: ${source.licence}.`);
}
