import { createElement } from "./dom.ts";

/** From this many names on, they are in a list that opens. */
const MANY = 9;

/** Boxes to tick, for some of several names. At least one stays ticked; with fewer than two there is no choice. */
export class Choice {
  readonly #box: HTMLElement;
  readonly #onChange: (names: readonly string[], all: boolean) => void;
  #names: readonly string[] = [];

  constructor(box: HTMLElement, onChange: (names: readonly string[], all: boolean) => void) {
    this.#box = box;
    this.#onChange = onChange;
    box.addEventListener("change", (event) => this.#change(event));
  }

  /** @param title what the names are, for screen readers, and for the button that opens a long list */
  show(title: string, names: readonly string[], chosen: readonly string[]): void {
    if (names.join("\n") !== this.#names.join("\n")) this.#create(names);
    this.#names = names;
    this.#box.hidden = names.length < 2;
    const legend = this.#box.querySelector("legend, summary");
    for (const input of this.#inputs) input.checked = chosen.includes(input.value);
    if (legend)
      legend.textContent = legend.matches("summary")
        ? `${chosen.length} of ${names.length}: ${title}`
        : title;
  }

  #create(names: readonly string[]): void {
    const ticks = names.map((name) => {
      const input = createElement("input", { attributes: { type: "checkbox", value: name } });
      return createElement("label", { class: "tick", children: [input, name] });
    });
    const legend = createElement("legend", { class: "hidden" });
    const list = createElement("div", { class: "ticks", children: ticks });
    const many = createElement("details", { class: "picker", children: [createElement("summary"), list] });
    this.#box.replaceChildren(...(names.length < MANY ? [legend, list] : [many]));
  }

  get #inputs(): HTMLInputElement[] {
    return [...this.#box.querySelectorAll("input")];
  }

  #change({ target }: Event): void {
    const chosen = this.#inputs.filter(({ checked }) => checked).map(({ value }) => value);
    if (chosen.length === 0 && target instanceof HTMLInputElement) target.checked = true;
    else this.#onChange(chosen, chosen.length === this.#names.length);
  }
}
