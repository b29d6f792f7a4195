import type { Collection } from "lakota";
import { byId, make } from "./dom.ts";
import type { Source } from "./sources.ts";

/** What a collection holds, below the title, and whose data it is, at the end of the page. */
export function showAbout({ label, schema }: Collection, source: Source | undefined): void {
  const columns = schema.columns.map(({ name }) => name).join(", ");
  byId("about", HTMLElement).textContent = source?.about ?? `${label}: ${columns}`;
  const footer = byId("source", HTMLElement);
  footer.hidden = !source;
  if (!source) return;
  const link = make("a", { text: source.origin, attributes: { href: source.url, rel: "noreferrer" } });
  footer.replaceChildren("Data: ", link, ` by way of vega-datasets. Terms: ${source.licence}.`);
}
