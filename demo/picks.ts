import { make } from "./dom.ts";

/** Fills a list with buttons, one a label; the chosen one is marked for eyes and for screen readers. */
export function showPicks(
  list: HTMLUListElement,
  labels: readonly string[],
  chosen: string | undefined,
  onPick: (label: string) => void,
): void {
  const focused = list.contains(document.activeElement) ? document.activeElement?.textContent : undefined;
  const items = labels.map((label) => {
    const button = make("button", { text: label, attributes: { type: "button", title: label } });
    if (label === chosen) button.setAttribute("aria-current", "true");
    button.addEventListener("click", () => onPick(label));
    return make("li", { children: [button] });
  });
  list.replaceChildren(...items);
  for (const button of list.querySelectorAll("button")) {
    if (button.textContent === focused) button.focus();
    if (button.textContent === chosen) reveal(list, button);
  }
}

/** Scrolls the list, and nothing around it. */
function reveal(list: HTMLElement, button: HTMLElement): void {
  const [outer, inner] = [list.getBoundingClientRect(), button.getBoundingClientRect()];
  if (inner.left < outer.left || inner.right > outer.right) list.scrollLeft += inner.left - outer.left - 16;
  if (inner.top < outer.top || inner.bottom > outer.bottom) list.scrollTop += inner.top - outer.top - 16;
}
