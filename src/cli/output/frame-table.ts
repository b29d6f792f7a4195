import { createCellFormatter } from "../../interchange/values/format-cell.ts";
import { castColumn } from "../../model/cast.ts";
import type { IndexValue } from "../../model/column.ts";
import { type Kind, parseDType } from "../../model/dtype.ts";
import type { Frame } from "../../model/frame.ts";
import type { Schema } from "../../model/schema.ts";
import { safeText } from "./safe-text.ts";
import { alignedTable, widthsOf } from "./table.ts";

const RULES = { times: "iso", zone: undefined } as const;
const NUMBERS: readonly Kind[] = ["float", "int", "uint", "timedelta", "complex"];

/** Formats index values as CSV does. */
export const keyTexts = (schema: Schema, values: readonly IndexValue[]): string[] =>
  values.map((value, i) => {
    const column = schema.index[i]!;
    return createCellFormatter(
      { name: column.name, type: column.dtype.name, data: castColumn(column, [value]) },
      RULES,
    )(0);
  });

/** Formats index values as CSV does, separated by commas. */
export const keyText = (schema: Schema, values: readonly IndexValue[]): string =>
  keyTexts(schema, values).join(", ");

/** Prints frames as one aligned table, of which each is a part: later rows may widen its columns. */
export class FrameTable {
  #widths: number[] | undefined;

  /** Returns the rows of the next frame, with the header if it is the first one. */
  add(frame: Frame): string {
    const parts = frame.parts();
    const texts = parts.map((part) => {
      const text = createCellFormatter(part, RULES);
      return Array.from({ length: frame.length }, (_, row) => safeText(text(row)));
    });
    const right = parts.map(({ type }) => NUMBERS.includes(parseDType(type).kind));
    const header = frame.columns.map(safeText);
    const widths = widthsOf(header, texts, this.#widths);
    const table = alignedTable(header, texts, right, this.#widths && { widths });
    this.#widths = widths;
    return table;
  }
}

/** Yields one JSON object for each row. Numbers keep all their digits; missing and infinite ones become null. */
export function* jsonRows(frame: Frame): Generator<string> {
  const cells = frame.parts().map((part) => {
    const text = createCellFormatter(part, RULES);
    const json = jsonOf(parseDType(part.type).kind);
    const name = JSON.stringify(part.name);
    return (row: number) => `${name}:${json(text(row))}`;
  });
  for (let row = 0; row < frame.length; row++) yield `{${cells.map((cell) => cell(row)).join(",")}}`;
}

function jsonOf(kind: Kind): (text: string) => string {
  switch (kind) {
    case "int":
    case "uint":
    case "timedelta":
    case "bool":
    case "object":
      return (text) => text || "null";
    case "float":
      return (text) => (text !== "" && Number.isFinite(Number(text)) ? text : "null");
    case "datetime":
      return (text) => (text === "" ? "null" : JSON.stringify(text));
    default:
      return (text) => JSON.stringify(text);
  }
}
