import { createElement } from "./dom.ts";

export interface LabelListEvents {
  select(label: string): void;
  /** Adds a label to the selection, or removes it. Without it, one label is selected at a time. */
  toggle?(label: string): void;
}

/** Fills a list with a button for each label. The first of `selected` is marked as the current one. */
export function showLabels(
  list: HTMLUListElement,
  labels: readonly string[],
  selected: readonly string[],
  { select, toggle }: LabelListEvents,
): void {
  const active = list.contains(document.activeElement) ? document.activeElement : undefined;
  const focused = active?.getAttribute("aria-label") ?? active?.textContent;
  const items = labels.map((label) => {
    const button = createElement("button", {
      text: label,
      class: "label",
      attributes: { type: "button", title: label },
    });
    if (label === selected[0]) button.setAttribute("aria-current", "true");
    button.addEventListener("click", (event) => (event.ctrlKey || event.metaKey ? toggle : select)?.(label));
    return createElement("li", {
      children: toggle && label !== selected[0] ? [button, compareButton(label, selected, toggle)] : [button],
    });
  });
  list.replaceChildren(...items);
  for (const button of list.querySelectorAll("button")) {
    if ((button.getAttribute("aria-label") ?? button.textContent) === focused) button.focus();
    if (button.textContent === selected[0]) scrollIntoList(list, button);
  }
}

function compareButton(
  label: string,
  selected: readonly string[],
  toggle: (label: string) => void,
): HTMLButtonElement {
  const on = selected.includes(label);
  const button = createElement("button", {
    text: on ? "−" : "+",
    class: "compare",
    attributes: {
      type: "button",
      "aria-pressed": String(on),
      "aria-label": `Compare with ${label}`,
      title: on ? "Remove it from the chart" : "Show it in the same chart",
    },
  });
  button.addEventListener("click", () => toggle(label));
  return button;
}

/** Scrolls the list so that the button is visible, but not the page. */
function scrollIntoList(list: HTMLElement, button: HTMLElement): void {
  const [outer, inner] = [list.getBoundingClientRect(), button.getBoundingClientRect()];
  if (inner.left < outer.left || inner.right > outer.right) list.scrollLeft += inner.left - outer.left - 16;
  if (inner.top < outer.top || inner.bottom > outer.bottom) list.scrollTop += inner.top - outer.top - 16;
}
