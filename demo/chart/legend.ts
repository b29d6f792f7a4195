import { createElement } from "../page/dom.ts";
import type { PanelLine } from "./panel-content.ts";
import { dashOf } from "./theme.ts";

export interface LegendEvents {
  /** The user hides a line, or shows it again. Without it, lines cannot be hidden. */
  toggle?(name: string): void;
  /** The user shows only this line. */
  isolate?(name: string): void;
}

/** The names of a panel's lines, with their values at the cursor. A click hides a line, a double click all others. */
export class Legend {
  readonly element: HTMLElement;
  readonly #lines: readonly PanelLine[];
  readonly #outputs: HTMLElement[];
  readonly #keys: HTMLElement[];
  readonly #note = createElement("span", { class: "beyond" });

  constructor(lines: readonly PanelLine[], { toggle, isolate }: LegendEvents) {
    this.#lines = lines;
    this.#outputs = lines.map(() => createElement("span", { class: "reading" }));
    this.#keys = lines.map((line, i) => {
      const children = [swatch(line), ...texts(line), this.#outputs[i]!];
      if (!toggle) return createElement("span", { class: "key", children });
      const attributes = {
        type: "button",
        "aria-pressed": "true",
        title: "Click to hide, double-click to show only this line",
      };
      const button = createElement("button", { class: "key", children, attributes });
      button.addEventListener("click", () => toggle(line.name));
      button.addEventListener("dblclick", () => isolate?.(line.name));
      return button;
    });
    this.element = createElement("div", { class: "legend", children: [...this.#keys, this.#note] });
  }

  /** Greys the names of hidden lines. */
  hide(names: readonly string[]): void {
    this.#lines.forEach(({ name }, i) => {
      const hidden = names.includes(name);
      this.#keys[i]!.classList.toggle("off", hidden);
      if (this.#keys[i] instanceof HTMLButtonElement)
        this.#keys[i].setAttribute("aria-pressed", String(!hidden));
    });
  }

  /** Shows the value of each line; undefined for a hidden line. */
  show(readings: readonly (string | undefined)[]): void {
    this.#outputs.forEach((output, i) => {
      output.textContent = readings[i] ?? "";
    });
  }

  /** Says what the panel does not draw. */
  set note(text: string) {
    this.#note.textContent = text;
  }

  /** The values at the cursor as text, for screen readers. */
  reading(hidden: readonly string[]): string {
    return this.#lines
      .map(({ name, unit = "" }, i) =>
        hidden.includes(name) ? "" : `${name} ${this.#outputs[i]!.textContent} ${unit}`.trim(),
      )
      .filter(Boolean)
      .join(", ");
  }
}

/** What determines how a line looks. */
export type StyledLine = Pick<PanelLine, "colour" | "otherStateOf">;

/** Returns a mark in the colour and dash of a line. */
export function swatch({ colour, otherStateOf }: StyledLine): HTMLElement {
  const element = createElement("i");
  element.style.setProperty("--colour", `var(--line-${(colour % 6) + 1})`);
  if (otherStateOf !== undefined || dashOf(colour)) element.classList.add("dashed");
  return element;
}

const texts = ({ name, unit }: PanelLine): HTMLElement[] => [
  createElement("b", { text: name }),
  ...(unit ? [createElement("span", { class: "unit", text: unit })] : []),
];
