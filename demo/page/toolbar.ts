import type { Schema } from "lakota";
import {
  DAY,
  equalRanges,
  parseBetween,
  parseTime,
  presetsFor,
  type Range,
  type Span,
} from "../data/range.ts";
import { byId, createElement } from "./dom.ts";
import { formatDay } from "./format.ts";

/** The toolbar above the chart: which rows, which columns. */
export class Toolbar {
  readonly #form = byId("tools", HTMLFormElement);
  readonly #presets = byId("presets", HTMLElement);
  readonly #dates = byId("dates", HTMLFieldSetElement);
  readonly #from = byId("from", HTMLInputElement);
  readonly #to = byId("to", HTMLInputElement);
  readonly #columns = byId("columns", HTMLElement);
  readonly #onRange: (range: Range) => void;
  readonly #onColumns: () => void;

  constructor(onRange: (range: Range) => void, onColumns: () => void) {
    this.#onRange = onRange;
    this.#onColumns = onColumns;
    this.#form.addEventListener("submit", (event) => event.preventDefault());
    this.#dates.addEventListener("change", () => this.#selectDates());
    this.#columns.addEventListener("change", (event) => this.#toggleColumn(event));
  }

  hide(): void {
    this.#form.hidden = true;
  }

  /** The columns that are ticked, and the index. */
  selectedColumns(schema: Schema): string[] {
    const ticked = new Set(
      [...this.#columns.querySelectorAll<HTMLInputElement>("input:checked")].map(({ value }) => value),
    );
    return schema.columns.filter(({ name, index }) => index || ticked.has(name)).map(({ name }) => name);
  }

  /** All columns of a schema, ticked. */
  showColumns(schema: Schema): void {
    const columns = schema.columns.filter(({ index }) => !index);
    this.#columns.replaceChildren(
      ...columns.map(({ name }) => {
        const input = createElement("input", { attributes: { type: "checkbox", value: name } });
        input.checked = true;
        return createElement("label", { class: "tick", children: [input, name] });
      }),
    );
    this.#columns.parentElement!.hidden = columns.length < 2;
  }

  /** The ranges that a series has; the form becomes visible. */
  showRanges(span: Span | undefined, range: Range): void {
    const presets = presetsFor(span);
    // The same buttons stay: someone may be about to press one.
    const labels = presets.map(({ label }) => label).join();
    if (labels !== [...this.#presets.children].map(({ textContent }) => textContent).join()) {
      this.#presets.replaceChildren(
        ...presets.map((preset) => {
          const button = createElement("button", { text: preset.label, attributes: { type: "button" } });
          button.addEventListener("click", () => this.#onRange(preset.range));
          return button;
        }),
      );
    }
    presets.forEach((preset, i) => {
      this.#presets.children[i]!.setAttribute("aria-pressed", String(equalRanges(preset.range, range)));
    });
    this.#dates.hidden = span === undefined;
    if (span) this.#showDates(span, range);
    this.#form.hidden = false;
  }

  #showDates({ first, last }: Span, range: Range): void {
    const start = range.kind === "last" ? last - range.days * DAY : first;
    const texts = range.kind === "between" ? [range.from, range.to] : [formatDay(start), formatDay(last)];
    [this.#from, this.#to].forEach((input, i) => {
      if (input === document.activeElement) return; // someone is typing
      input.value = texts[i]!;
      input.setCustomValidity("");
    });
  }

  #selectDates(): void {
    const [from, to] = [this.#from.value.trim(), this.#to.value.trim()];
    for (const input of [this.#from, this.#to]) {
      const wrong = parseTime(input.value)
        ? ""
        : "Say a day such as 2001-03-05, a month, or a time such as 2001-03-05T06:30.";
      input.setCustomValidity(wrong);
    }
    const range = parseBetween(from, to);
    if (!range && this.#from.validity.valid && this.#to.validity.valid)
      this.#to.setCustomValidity("This lies before the other one.");
    if (range) this.#onRange(range);
    else this.#dates.querySelector<HTMLInputElement>(":invalid")?.reportValidity();
  }

  /** The last tick stays: a chart of nothing is no use. */
  #toggleColumn(event: Event): void {
    const ticked = this.#columns.querySelectorAll("input:checked");
    if (ticked.length === 0 && event.target instanceof HTMLInputElement) event.target.checked = true;
    else this.#onColumns();
  }
}
