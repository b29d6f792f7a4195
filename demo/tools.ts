import type { Schema } from "lakota";
import { byId, make } from "./dom.ts";
import { day } from "./format.ts";
import { betweenDays, DAY, presetsFor, type Range, type Span, sameRange } from "./range.ts";

/** The toolbar above the chart: which rows, which columns. */
export class Tools {
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
    this.#dates.addEventListener("change", () => this.#pickDates());
    this.#columns.addEventListener("change", (event) => this.#pickColumn(event));
  }

  hide(): void {
    this.#form.hidden = true;
  }

  /** The columns that are ticked, and the index. */
  chosen(schema: Schema): string[] {
    const ticked = new Set(
      [...this.#columns.querySelectorAll<HTMLInputElement>("input:checked")].map(({ value }) => value),
    );
    return schema.columns.filter(({ name, index }) => index || ticked.has(name)).map(({ name }) => name);
  }

  /** All columns of a schema, ticked. */
  offerColumns(schema: Schema): void {
    const columns = schema.columns.filter(({ index }) => !index);
    this.#columns.replaceChildren(
      ...columns.map(({ name }) => {
        const input = make("input", { attributes: { type: "checkbox", value: name } });
        input.checked = true;
        return make("label", { class: "tick", children: [input, name] });
      }),
    );
    this.#columns.parentElement!.hidden = columns.length < 2;
  }

  /** The ranges that a series has; the form becomes visible. */
  offerRanges(span: Span | undefined, range: Range): void {
    const buttons = presetsFor(span).map((preset) => {
      const button = make("button", { text: preset.label, attributes: { type: "button" } });
      button.setAttribute("aria-pressed", String(sameRange(preset.range, range)));
      button.addEventListener("click", () => this.#onRange(preset.range));
      return button;
    });
    const focused = [...this.#presets.children].indexOf(document.activeElement ?? document.body);
    this.#presets.replaceChildren(...buttons);
    buttons[focused]?.focus();
    this.#dates.hidden = span === undefined;
    if (span) this.#showDates(span, range);
    this.#form.hidden = false;
  }

  #showDates({ first, last }: Span, range: Range): void {
    for (const input of [this.#from, this.#to]) {
      input.min = day(first);
      input.max = day(last);
    }
    const start = range.kind === "last" ? last - range.days * DAY : first;
    this.#from.value = day(range.kind === "between" ? range.start : start);
    this.#to.value = day(range.kind === "between" ? range.stop - DAY : last);
    this.#to.setCustomValidity("");
  }

  #pickDates(): void {
    this.#to.setCustomValidity("");
    const range = betweenDays(this.#from.value, this.#to.value);
    if (range) this.#onRange(range);
    else if (this.#from.value && this.#to.value) {
      this.#to.setCustomValidity("This day lies before the first one.");
      this.#to.reportValidity();
    }
  }

  /** The last tick stays: a chart of nothing is no use. */
  #pickColumn(event: Event): void {
    const ticked = this.#columns.querySelectorAll("input:checked");
    if (ticked.length === 0 && event.target instanceof HTMLInputElement) event.target.checked = true;
    else this.#onColumns();
  }
}
