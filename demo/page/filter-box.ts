import type { Schema } from "lakota";
import { filterError } from "../data/row-filter.ts";
import type { Page } from "../state/page-state.ts";
import { createElement, elementsById } from "./dom.ts";

/** Completes the word at the end of a condition. */
const LAST_WORD = /[\p{L}_][\p{L}\p{N}_]*$/u;

/** Kinds of columns that an example compares with a number. */
const NUMBER_KINDS: ReadonlySet<string> = new Set(["float", "int", "uint"]);

/** The box for a condition of the rows to show, such as `close > 100 and volume < 5e4`. */
export class FilterBox {
  readonly #parts = elementsById({
    filterBox: "*",
    filter: "input",
    filterError: "*",
    filterNames: "datalist",
  });
  readonly #onChange: (where: string | undefined) => void;
  #schema: Schema | undefined;
  #shown: string | undefined;
  /** The condition that was checked last, or is being checked. */
  #checked = "";
  /** Whether a name was completed since the last key: the condition is not finished then. */
  #isCompleting = false;

  /** @param onChange called with a condition that can be used; undefined for all rows */
  constructor(onChange: (where: string | undefined) => void) {
    this.#onChange = onChange;
    this.#parts.filter.addEventListener("input", (event) => {
      this.#isCompleting = !(event instanceof InputEvent) || event.inputType === "insertReplacementText";
      this.#offerNames();
    });
    this.#parts.filter.addEventListener("change", () => {
      if (!this.#isCompleting) void this.#apply();
    });
    this.#parts.filter.addEventListener("keydown", ({ key }) => {
      if (key === "Enter") void this.#apply();
    });
  }

  show({ open, shown, busy, target }: Page): void {
    this.#parts.filterBox.hidden = !shown && !busy && (!open || target.where === undefined);
    if (!open) return;
    const isOther = target.where !== this.#shown || open.collection.schema !== this.#schema;
    this.#schema = open.collection.schema;
    this.#shown = target.where;
    if (!isOther) return;
    this.#parts.filter.value = target.where ?? "";
    const [example] = this.#schema.columns.filter(
      ({ index, dtype }) => !index && NUMBER_KINDS.has(dtype.kind),
    );
    this.#parts.filter.placeholder = `${example ? nameOf(example.name) : "value"} > 10`;
    this.#offerNames();
    void this.#check(this.#parts.filter.value.trim());
  }

  /** Applies the condition if it can be used; else says what is wrong with it. */
  async #apply(): Promise<void> {
    const text = this.#parts.filter.value.trim();
    if (text === this.#checked) return;
    if (await this.#check(text)) this.#onChange(text === "" ? undefined : text);
  }

  /** Shows what is wrong with a condition. Returns whether it can be used, and is still the latest. */
  async #check(text: string): Promise<boolean> {
    this.#checked = text;
    const error = text === "" || !this.#schema ? undefined : await filterError(this.#schema, text);
    if (text !== this.#checked) return false;
    this.#parts.filterError.hidden = error === undefined;
    this.#parts.filterError.textContent = error ?? "";
    this.#parts.filter.setAttribute("aria-invalid", String(error !== undefined));
    return error === undefined;
  }

  /** Offers the names of the columns to complete the last word. */
  #offerNames(): void {
    const before = this.#parts.filter.value.replace(LAST_WORD, "");
    const names = (this.#schema?.columns ?? []).map(({ name }) => nameOf(name));
    this.#parts.filterNames.replaceChildren(
      ...names.map((name) => createElement("option", { attributes: { value: before + name } })),
    );
  }
}

/** Returns the name of a column as expressions write it. */
const nameOf = (name: string): string => (/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) ? name : `\`${name}\``);
