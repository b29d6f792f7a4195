import { createElement } from "../page/dom.ts";
import { type StyledLine, swatch } from "./legend.ts";

/** The value of a line at the cursor. */
export interface Reading {
  name: string;
  unit: string | undefined;
  line: StyledLine;
  text: string;
}

/** More lines than this are counted instead of named. */
const MAX_LINES = 12;
/** Distance from the cursor, in CSS pixels. */
const DISTANCE = 14;

/**
 * The values at the cursor, beside it. Hidden from screen readers: there the chart announces what the keys point at.
 */
export class Tooltip {
  readonly #element = createElement("div", { class: "tooltip", attributes: { "aria-hidden": "true" } });

  /** @param host contains the chart, and has a position */
  constructor(host: HTMLElement) {
    this.#element.hidden = true;
    host.append(this.#element);
  }

  /** @param at the cursor in the window */
  show(at: { x: number; y: number }, title: string, readings: readonly Reading[]): void {
    const rows = readings
      .slice(0, MAX_LINES)
      .flatMap(({ name, unit, line, text }) => [
        createElement("span", { class: "name", children: [swatch(line), name] }),
        createElement("b", { text }),
        createElement("span", { class: "unit", text: unit ?? "" }),
      ]);
    const others = readings.length - MAX_LINES;
    this.#element.replaceChildren(
      createElement("p", { text: title }),
      createElement("div", { class: "readings", children: rows }),
      ...(others > 0 ? [createElement("p", { class: "unit", text: `and ${others} more` })] : []),
    );
    this.#element.hidden = false;
    this.#place(at);
  }

  hide(): void {
    this.#element.hidden = true;
  }

  /** Places it at the lower right of the cursor; on the other side where the window or the chart ends. */
  #place({ x, y }: { x: number; y: number }): void {
    const host = this.#element.offsetParent?.getBoundingClientRect();
    if (!host) return;
    const { offsetWidth: width, offsetHeight: height } = this.#element;
    const right = Math.min(host.right, document.documentElement.clientWidth);
    const left = x + DISTANCE + width <= right ? x + DISTANCE : x - DISTANCE - width;
    const top = y + DISTANCE + height <= innerHeight ? y + DISTANCE : y - DISTANCE - height;
    this.#element.style.left = `${Math.max(host.left, left) - host.left}px`;
    this.#element.style.top = `${top - host.top}px`;
  }
}
