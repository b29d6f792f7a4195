import { byId } from "./dom.ts";

/** The parameter of the address that shows only the chart, for a frame in another page. */
const PARAMETER = "embed";

/** Whether the address asks for the chart alone. */
export const isEmbedded = (search: string): boolean => new URLSearchParams(search).has(PARAMETER);

/** Returns an address with or without the parameter. The rest of it stays as it is. */
export function withEmbed(href: string, isEmbed: boolean): string {
  const url = new URL(href);
  const others = url.search
    .slice(1)
    .split("&")
    .filter((part) => part !== "" && part.split("=")[0] !== PARAMETER);
  const query = [...(isEmbed ? [PARAMETER] : []), ...others].join("&");
  return `${url.origin}${url.pathname}${query && `?${query}`}${url.hash}`;
}

/** Returns the HTML that shows a chart in another page. */
export function embedCode(href: string, title: string): string {
  const escaped = (text: string) =>
    text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
  const source = escaped(withEmbed(href, true));
  return `<iframe src="${source}" title="${escaped(title)}" width="100%" height="600" style="border: 0" loading="lazy"></iframe>`;
}

/** Shows only the chart, its title and its source, and a link to the whole page. */
export function showEmbedded(): void {
  document.documentElement.classList.add("embed");
  byId("embed-link").hidden = false;
  const link = byId("open-explorer", "a");
  // The address of the page changes with what it shows.
  const update = () => {
    link.href = withEmbed(location.href, false);
  };
  for (const event of ["pointerenter", "focus", "click"]) link.addEventListener(event, update);
  update();
}
