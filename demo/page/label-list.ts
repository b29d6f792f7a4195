import { createElement } from "./dom.ts";

export interface LabelListEvents {
  select(label: string): void;
  /** Shows a label with the chosen one, or no longer. Absent: one at a time. */
  toggle?(label: string): void;
}

/** Fills a list with buttons, one a label; the chosen one is marked for eyes and for screen readers. */
export function showLabels(
  list: HTMLUListElement,
  labels: readonly string[],
  chosen: readonly string[],
  { select: pick, toggle }: LabelListEvents,
): void {
  const active = list.contains(document.activeElement) ? document.activeElement : undefined;
  const focused = active?.getAttribute("aria-label") ?? active?.textContent;
  const items = labels.map((label) => {
    const button = createElement("button", {
      text: label,
      class: "pick",
      attributes: { type: "button", title: label },
    });
    if (label === chosen[0]) button.setAttribute("aria-current", "true");
    button.addEventListener("click", (event) => (event.ctrlKey || event.metaKey ? toggle : pick)?.(label));
    return createElement("li", {
      children: toggle && label !== chosen[0] ? [button, compareButton(label, chosen, toggle)] : [button],
    });
  });
  list.replaceChildren(...items);
  for (const button of list.querySelectorAll("button")) {
    if ((button.getAttribute("aria-label") ?? button.textContent) === focused) button.focus();
    if (button.textContent === chosen[0]) scrollIntoList(list, button);
  }
}

function compareButton(
  label: string,
  chosen: readonly string[],
  toggle: (label: string) => void,
): HTMLButtonElement {
  const on = chosen.includes(label);
  const button = createElement("button", {
    text: on ? "−" : "+",
    class: "add",
    attributes: {
      type: "button",
      "aria-pressed": String(on),
      "aria-label": `Compare with ${label}`,
      title: on ? "Take it out of the chart" : "Show it in the same chart",
    },
  });
  button.addEventListener("click", () => toggle(label));
  return button;
}

/** Scrolls the list, and nothing around it. */
function scrollIntoList(list: HTMLElement, button: HTMLElement): void {
  const [outer, inner] = [list.getBoundingClientRect(), button.getBoundingClientRect()];
  if (inner.left < outer.left || inner.right > outer.right) list.scrollLeft += inner.left - outer.left - 16;
  if (inner.top < outer.top || inner.bottom > outer.bottom) list.scrollTop += inner.top - outer.top - 16;
}
