import type { Schema } from "lakota";
import { drawable, xAxisOf } from "../data/axes.ts";
import type { KeyValues } from "../data/key-values.ts";
import { boundsOf, equalRanges, presetsFor, type Range, type Span } from "../data/range.ts";
import { isRelative, relativeStart } from "../data/relative-range.ts";
import type { Page } from "../state/page-state.ts";
import { Choice } from "./choice.ts";
import { createElement, elementsById } from "./dom.ts";
import { formatDay, formatNumber } from "./format.ts";

export interface ToolbarEvents {
  range(range: Range): void;
  /** Undefined: all columns. */
  columns(names: readonly string[] | undefined): void;
  keys(names: readonly string[]): void;
}

/** The toolbar above the chart, which selects the range, the columns and the keys. */
export class Toolbar {
  readonly #parts = elementsById({
    tools: "form",
    presets: "*",
    dates: "fieldset",
    from: "input",
    to: "input",
    columns: "*",
    keyValues: "*",
    editOpen: "*",
  });
  readonly #columns: Choice;
  readonly #keys: Choice;
  readonly #events: ToolbarEvents;
  #time = true;
  #zone = "UTC";

  constructor(events: ToolbarEvents) {
    this.#events = events;
    this.#columns = new Choice(this.#parts.columns, (names, all) => events.columns(all ? undefined : names));
    this.#keys = new Choice(this.#parts.keyValues, (names) => events.keys(names));
    this.#parts.tools.addEventListener("submit", (event) => event.preventDefault());
    this.#parts.dates.addEventListener("change", () => this.#selectDates());
  }

  /** Shows what can be chosen of the open collection. It is hidden while none is open. */
  show({ open, shown, target, busy }: Page): void {
    this.#parts.tools.hidden = !open || open.labels.length === 0;
    this.#parts.editOpen.hidden = !shown && !busy;
    for (const part of [this.#parts.presets.parentElement!, this.#parts.dates]) part.hidden = !shown && !busy;
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
    if (labels !== [...this.#parts.presets.children].map(({ textContent }) => textContent).join()) {
      this.#parts.presets.replaceChildren(
        ...presets.map((preset) => {
          const button = createElement("button", { text: preset.label, attributes: { type: "button" } });
          button.addEventListener("click", () => this.#events.range(preset.range));
          return button;
        }),
      );
    }
    presets.forEach((preset, i) => {
      this.#parts.presets.children[i]!.setAttribute("aria-pressed", String(equalRanges(preset.range, range)));
    });
    // A single choice is none, unless it leads back from another range.
    this.#parts.presets.parentElement!.hidden = presets.length < 2 && range.kind === "all";
    this.#parts.dates.hidden = span === undefined;
    if (span) this.#showDates(span, range);
  }

  #showDates({ first, last }: Span, range: Range): void {
    const start = isRelative(range) ? relativeStart(range, last, this.#zone) : first;
    const format = (x: number) => (this.#time ? formatDay(x, this.#zone) : formatNumber(x));
    const texts = range.kind === "between" ? [range.from, range.to] : [format(start), format(last)];
    [this.#parts.from, this.#parts.to].forEach((input, i) => {
      input.title = this.#time
        ? `The ${i === 0 ? "first" : "last"} day such as 2001-03-05, month or year, or a time such as 2001-03-05T06:30`
        : `The ${i === 0 ? "lowest" : "highest"} value of the index`;
      if (input === document.activeElement) return; // the user is typing
      input.value = texts[i]!;
      input.setCustomValidity("");
    });
  }

  #selectDates(): void {
    const [from, to] = [this.#parts.from.value.trim(), this.#parts.to.value.trim()];
    const expected = this.#time
      ? "Enter a day such as 2001-03-05, a month, or a time such as 2001-03-05T06:30."
      : "Enter a number.";
    for (const input of [this.#parts.from, this.#parts.to])
      input.setCustomValidity(boundsOf(input.value, input.value, this.#time) ? "" : expected);
    if (boundsOf(from, to, this.#time)) {
      this.#events.range({ kind: "between", from, to });
      return;
    }
    if (this.#parts.from.validity.valid && this.#parts.to.validity.valid)
      this.#parts.to.setCustomValidity("The end lies before the start.");
    this.#parts.dates.querySelector<HTMLInputElement>(":invalid")?.reportValidity();
  }
}
