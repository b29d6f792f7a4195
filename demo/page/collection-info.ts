import type { CollectionDescription } from "lakota";
import { describedAs } from "../data/read-info.ts";
import type { Page } from "../state/page-state.ts";
import { byId, createElement } from "./dom.ts";

/**
 * Describes the open collection and the selected series below the title, and credits the source of the data at the end of
 * the page.
 */
export function showCollectionInfo({ open, shown }: Pick<Page, "open" | "shown">): void {
  byId("about").textContent = open ? aboutText(open, shown) : "";
  const { source, licence } = open?.info ?? {};
  const footer = byId("source");
  footer.hidden = !source && !licence;
  footer.replaceChildren(
    ...(source ? ["Data: ", ...linked(source), "."] : []),
    ...(licence ? [` Terms: ${licence}.`] : []),
  );
}

function aboutText(
  { collection, info }: NonNullable<Page["open"]>,
  shown: Pick<NonNullable<Page["shown"]>, "series" | "info"> | undefined,
): string {
  const columns = collection.schema.columns.map(({ name }) => name).join(", ");
  const [first, ...others] = shown?.series ?? [];
  const series = first && others.length === 0 ? describedAs(shown?.info.series, first.label) : undefined;
  const texts = [titled(info), series && titled(series)].filter(Boolean);
  return texts.length > 0 ? texts.join(" ") : `${collection.label}: ${columns}`;
}

/** Returns title and description as sentences. */
function titled({ title, description }: Pick<CollectionDescription, "title" | "description">): string {
  return [title && (description ? `${title}:` : `${title}.`), description].filter(Boolean).join(" ");
}

/** Returns a text with its web address, if it has one, as a link on the words before it. */
function linked(text: string): (string | HTMLElement)[] {
  const [url] = /https?:\/\/[^\s<>"]+/.exec(text) ?? [];
  if (url === undefined || !URL.canParse(url)) return [text];
  const words = text.replace(url, "").replace(/[\s,:;()]+$/, "");
  return [createElement("a", { text: words || url, attributes: { href: url, rel: "noreferrer" } })];
}

/** Returns where the data are from, without web addresses, for an image; undefined if that is not known. */
export function sourceText({ source }: CollectionDescription): string | undefined {
  if (source === undefined) return undefined;
  return `Data: ${source.replace(/[\s,:;(]*https?:\/\/\S+/g, "") || source}`;
}
