import type { Schema } from "lakota";
import { parsePeriod } from "../data/iso-period.ts";
import { DAY, equalRanges, parseBetween, presetsFor, type Range, type Span } from "../data/range.ts";
import { byId, createElement } from "./dom.ts";
import { formatDay } from "./format.ts";

/** The toolbar above the chart, which selects the range and the columns. */
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

  /** Returns the names of the checked columns and of the index. */
  selectedColumns(schema: Schema): string[] {
    const checked = new Set(
      [...this.#columns.querySelectorAll<HTMLInputElement>("input:checked")].map(({ value }) => value),
    );
    return schema.columns.filter(({ name, index }) => index || checked.has(name)).map(({ name }) => name);
  }

  /** Shows the columns of a schema, all checked. */
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

  /** Shows the ranges of a series, and makes the toolbar visible. */
  showRanges(span: Span | undefined, range: Range): void {
    const presets = presetsFor(span);
    // Equal buttons are not replaced: the user may be about to press one.
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
      if (input === document.activeElement) return; // the user is typing
      input.value = texts[i]!;
      input.setCustomValidity("");
    });
  }

  #selectDates(): void {
    const [from, to] = [this.#from.value.trim(), this.#to.value.trim()];
    for (const input of [this.#from, this.#to]) {
      const problem = parsePeriod(input.value)
        ? ""
        : "Enter a day such as 2001-03-05, a month, or a time such as 2001-03-05T06:30.";
      input.setCustomValidity(problem);
    }
    const range = parseBetween(from, to);
    if (!range && this.#from.validity.valid && this.#to.validity.valid)
      this.#to.setCustomValidity("The end lies before the start.");
    if (range) this.#onRange(range);
    else this.#dates.querySelector<HTMLInputElement>(":invalid")?.reportValidity();
  }

  /** At least one column stays checked. */
  #toggleColumn(event: Event): void {
    const checked = this.#columns.querySelectorAll("input:checked");
    if (checked.length === 0 && event.target instanceof HTMLInputElement) event.target.checked = true;
    else this.#onColumns();
  }
}
