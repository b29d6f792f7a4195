import type { Schema } from "lakota";
import { drawable, xAxisOf } from "../data/axes.ts";
import type { KeyValues } from "../data/key-values.ts";
import { boundsOf, equalRanges, presetsFor, type Range, type Span } from "../data/range.ts";
import { isRelative, relativeStart } from "../data/relative-range.ts";
import type { Page } from "../state/page-state.ts";
import { Choice } from "./choice.ts";
import { byId, createElement } from "./dom.ts";
import { formatDay, formatNumber } from "./format.ts";

export interface ToolbarEvents {
  range(range: Range): void;
  /** Undefined: all columns. */
  columns(names: readonly string[] | undefined): void;
  keys(names: readonly string[]): void;
}

/** The toolbar above the chart, which selects the range, the columns and the keys. */
export class Toolbar {
  readonly #form = byId("tools", HTMLFormElement);
  readonly #presets = byId("presets", HTMLElement);
  readonly #dates = byId("dates", HTMLFieldSetElement);
  readonly #from = byId("from", HTMLInputElement);
  readonly #to = byId("to", HTMLInputElement);
  readonly #columns: Choice;
  readonly #keys: Choice;
  readonly #events: ToolbarEvents;
  #time = true;
  #zone = "UTC";

  constructor(events: ToolbarEvents) {
    this.#events = events;
    this.#columns = new Choice(byId("columns", HTMLElement), (names, all) =>
      events.columns(all ? undefined : names),
    );
    this.#keys = new Choice(byId("key-values", HTMLElement), (names) => events.keys(names));
    this.#form.addEventListener("submit", (event) => event.preventDefault());
    this.#dates.addEventListener("change", () => this.#selectDates());
  }

  /** Shows what can be chosen of the open collection. It is hidden while none is open. */
  show({ open, shown, target, busy }: Page): void {
    this.#form.hidden = !open || open.labels.length === 0;
    byId("edit-open", HTMLElement).hidden = !shown && !busy;
    for (const part of [this.#presets.parentElement!, this.#dates]) part.hidden = !shown && !busy;
    if (!open) return;
    const { schema } = open.collection;
    this.#time = xAxisOf(schema)?.time ?? true;
    this.#showColumns(schema, target.columns);
    this.#showKeys(shown?.keys, target.keys);
    if (!shown) return;
    this.#zone = shown.zone;
    this.#showRanges(shown.span, target.range);
  }

  #showColumns(schema: Schema, chosen: readonly string[] | undefined): void {
    const names = drawable(schema).map(({ name }) => name);
    this.#columns.show("Columns", names, chosen ?? names);
  }

  /** @param wanted may be read only now */
  #showKeys(keys: KeyValues | undefined, wanted: readonly string[] | undefined): void {
    const names = (some: KeyValues["all"] = []) => some.map(({ name }) => name);
    this.#keys.show(keys?.columns.join(", ") ?? "", names(keys?.all), wanted ?? names(keys?.chosen));
  }

  #showRanges(span: Span | undefined, range: Range): void {
    const presets = presetsFor(span, this.#time, this.#zone);
    // Equal buttons are not replaced: the user may be about to press one.
    const labels = presets.map(({ label }) => label).join();
    if (labels !== [...this.#presets.children].map(({ textContent }) => textContent).join()) {
      this.#presets.replaceChildren(
        ...presets.map((preset) => {
          const button = createElement("button", { text: preset.label, attributes: { type: "button" } });
          button.addEventListener("click", () => this.#events.range(preset.range));
          return button;
        }),
      );
    }
    presets.forEach((preset, i) => {
      this.#presets.children[i]!.setAttribute("aria-pressed", String(equalRanges(preset.range, range)));
    });
    // A single choice is none, unless it leads back from another range.
    this.#presets.parentElement!.hidden = presets.length < 2 && range.kind === "all";
    this.#dates.hidden = span === undefined;
    if (span) this.#showDates(span, range);
  }

  #showDates({ first, last }: Span, range: Range): void {
    const start = isRelative(range) ? relativeStart(range, last, this.#zone) : first;
    const format = (x: number) => (this.#time ? formatDay(x, this.#zone) : formatNumber(x));
    const texts = range.kind === "between" ? [range.from, range.to] : [format(start), format(last)];
    [this.#from, this.#to].forEach((input, i) => {
      input.title = this.#time
        ? `The ${i === 0 ? "first" : "last"} day such as 2001-03-05, month or year, or a time such as 2001-03-05T06:30`
        : `The ${i === 0 ? "lowest" : "highest"} value of the index`;
      if (input === document.activeElement) return; // the user is typing
      input.value = texts[i]!;
      input.setCustomValidity("");
    });
  }

  #selectDates(): void {
    const [from, to] = [this.#from.value.trim(), this.#to.value.trim()];
    const expected = this.#time
      ? "Enter a day such as 2001-03-05, a month, or a time such as 2001-03-05T06:30."
      : "Enter a number.";
    for (const input of [this.#from, this.#to])
      input.setCustomValidity(boundsOf(input.value, input.value, this.#time) ? "" : expected);
    if (boundsOf(from, to, this.#time)) {
      this.#events.range({ kind: "between", from, to });
      return;
    }
    if (this.#from.validity.valid && this.#to.validity.valid)
      this.#to.setCustomValidity("The end lies before the start.");
    this.#dates.querySelector<HTMLInputElement>(":invalid")?.reportValidity();
  }
}
