import { createElement } from "./dom.ts";

/** Fills a list with a button for each label. One is marked as the current one. */
export function showLabels(
  list: HTMLUListElement,
  labels: readonly string[],
  current: string | undefined,
  select: (label: string) => void,
): void {
  const focused = list.contains(document.activeElement) ? document.activeElement?.textContent : undefined;
  const items = labels.map((label) => {
    const button = createElement("button", {
      text: label,
      class: "label",
      attributes: { type: "button", title: label },
    });
    if (label === current) button.setAttribute("aria-current", "true");
    button.addEventListener("click", () => select(label));
    return createElement("li", { children: [button] });
  });
  list.replaceChildren(...items);
  for (const button of list.querySelectorAll("button")) {
    if (button.textContent === focused) button.focus();
    if (button.textContent === current) scrollIntoList(list, button);
  }
}

/** Scrolls the list so that the button is visible, but not the page. */
function scrollIntoList(list: HTMLElement, button: HTMLElement): void {
  const [outer, inner] = [list.getBoundingClientRect(), button.getBoundingClientRect()];
  if (inner.left < outer.left || inner.right > outer.right) list.scrollLeft += inner.left - outer.left - 16;
  if (inner.top < outer.top || inner.bottom > outer.bottom) list.scrollTop += inner.top - outer.top - 16;
}
