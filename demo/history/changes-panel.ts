import type { Collection, Column } from "lakota";
import { createElement, elementsById } from "../page/dom.ts";
import { formatCount, formatQuantity } from "../page/format.ts";
import { type ChangedRow, sameValue } from "./compare-rows.ts";
import type { StateComparison } from "./compare-states.ts";
import { formatCell } from "./format-value.ts";

/** The rows that differ between two states, with old and new values. */
export class ChangesPanel {
  readonly #parts = elementsById({
    changes: "*",
    changesTitle: "*",
    changesSummary: "*",
    changesScroll: "*",
    changesHead: "thead",
    changesBody: "tbody",
  });
  readonly #zoom: (x: number) => void;

  /** @param zoom called with the place of a row on the x axis that the user wants to see */
  constructor(zoom: (x: number) => void) {
    this.#zoom = zoom;
  }

  hide(): void {
    this.#parts.changes.hidden = true;
    this.#parts.changesBody.replaceChildren();
  }

  /** Says that two states are being compared. @param title names both */
  begin(title: string): void {
    this.#parts.changes.hidden = false;
    this.#parts.changesTitle.textContent = title;
    this.#parts.changesSummary.textContent = "Comparing…";
    this.#parts.changesScroll.hidden = true;
  }

  fail(text: string): void {
    this.#parts.changesSummary.textContent = text;
    this.#parts.changesScroll.hidden = true;
  }

  show(collection: Collection, comparison: StateComparison, series: number): void {
    const { rows } = comparison;
    this.#parts.changesSummary.textContent = summaryOf(comparison, series);
    this.#parts.changesScroll.hidden = rows.length === 0;
    this.#parts.changesScroll.tabIndex = 0; // makes it scrollable by keyboard
    const { columns } = collection.schema;
    const shown = series > 1;
    const names = ["Change", ...(shown ? ["Series"] : []), ...columns.map(({ name }) => name)];
    this.#parts.changesHead.replaceChildren(
      createElement("tr", {
        children: names.map((text) => createElement("th", { text, attributes: { scope: "col" } })),
      }),
    );
    this.#parts.changesBody.replaceChildren(...rows.map((row) => this.#row(row, columns, shown)));
  }

  #row(row: ChangedRow, columns: readonly Column[], hasLabel: boolean): HTMLTableRowElement {
    const [first, ...others] = columns;
    const text = valueText(row, first!);
    const key = Number.isFinite(row.x)
      ? createElement("button", {
          text,
          class: "link",
          attributes: { type: "button", title: "Zoom to this row" },
        })
      : createElement("span", { text });
    key.addEventListener("click", () => this.#zoom(row.x));
    return createElement("tr", {
      children: [
        createElement("td", { children: [createElement("b", { class: row.kind, text: row.kind })] }),
        ...(hasLabel ? [createElement("td", { text: row.label })] : []),
        createElement("td", { children: [key] }),
        ...others.map((column) => createElement("td", { children: cellOf(row, column) })),
      ],
    });
  }
}

function valueText({ old, current }: ChangedRow, { name, dtype }: Column): string {
  return formatCell((current ?? old)?.get(name), dtype.name);
}

/** Old and new value of a cell, or the only one. */
function cellOf(row: ChangedRow, column: Column): (Node | string)[] {
  const { name, dtype } = column;
  const { old, current } = row;
  if (!old) return [createElement("ins", { text: valueText(row, column) })];
  if (!current) return [createElement("del", { text: valueText(row, column) })];
  if (sameValue(old.get(name), current.get(name)))
    return [createElement("span", { class: "unit", text: valueText(row, column) })];
  return [
    createElement("del", { text: formatCell(old.get(name), dtype.name) }),
    " → ",
    createElement("ins", { text: valueText(row, column) }),
  ];
}

/** `36 rows changed, 52 added. The first 50 are listed.` */
function summaryOf({ rows, counts, exact }: StateComparison, series: number): string {
  const parts = (["changed", "added", "removed"] as const).filter((kind) => counts[kind] > 0);
  const all = parts.reduce((sum, kind) => sum + counts[kind], 0);
  if (all === 0 && exact) return series > 1 ? "These series are the same." : "This series is the same.";
  const texts = parts.map((kind, i) => {
    const count = i === 0 ? formatQuantity(counts[kind], "row") : formatCount(counts[kind]);
    return `${exact || kind !== "changed" ? "" : "at least "}${count} ${kind}`;
  });
  const sentence = texts.length > 0 ? texts.join(", ") : "Too many rows to compare each";
  return `${sentence}.${rows.length < all ? ` The first ${formatCount(rows.length)} are listed.` : ""}`;
}
