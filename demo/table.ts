import type { Frame } from "lakota";
import { byId, make } from "./dom.ts";
import { counted, moment, value } from "./format.ts";

const ROWS = 50;

/** The first rows of a frame in words and numbers. `step`: milliseconds between rows. */
export function showTable(frame: Frame, step: number): void {
  const shown = Math.min(ROWS, frame.length);
  const all = shown === frame.length;
  byId("table-title", HTMLElement).textContent = all
    ? `${counted(shown, "row")} as a table`
    : `The first ${shown} rows as a table`;
  byId("scroll", HTMLElement).tabIndex = 0; // so that the keyboard can scroll it
  const columns = frame.columns.map((name) => cellsOf(frame, name, step));
  byId("head", HTMLTableSectionElement).replaceChildren(
    make("tr", {
      children: frame.columns.map((name) =>
        make("th", {
          attributes: { scope: "col" },
          children: [name, make("span", { class: "unit", text: frame.type(name) })],
        }),
      ),
    }),
  );
  byId("body", HTMLTableSectionElement).replaceChildren(
    ...Array.from({ length: shown }, (_, row) =>
      make("tr", { children: columns.map((cell) => make("td", { text: cell(row) })) }),
    ),
  );
}

function cellsOf(frame: Frame, name: string, step: number): (row: number) => string {
  const values = frame.get(name);
  const isTime = frame.type(name).startsWith("datetime64");
  return (row) => {
    const item = values[row];
    if (typeof item === "number") return isTime ? moment(item, step) : value(item);
    return typeof item === "string" ? item : typeof item === "bigint" ? String(item) : JSON.stringify(item);
  };
}
