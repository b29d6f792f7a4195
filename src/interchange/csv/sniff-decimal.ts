import { LakotaError } from "../../model/errors.ts";
import { presentCells } from "../values/infer-types.ts";
import type { CsvHead } from "./dialect.ts";

const WITH_COMMA = /^[+-]?\d*,\d+(?:e[+-]?\d+)?$/i;
const WITH_POINT = /^[+-]?\d*\.\d+(?:e[+-]?\d+)?$/i;
const WHOLE = /^[+-]?\d+$/;
/** A comma before three digits may separate thousands. */
const THOUSANDS = /^[+-]?[1-9]\d{0,2},\d{3}$/;

/**
 * Returns the decimal separator of a file: a comma if there are numbers with a comma, and none with a point.
 *
 * @throws `invalid-frame` where a comma may separate thousands
 */
export function sniffDecimal({ delimiter, names, rows }: CsvHead, nulls: ReadonlySet<string>): "." | "," {
  if (delimiter === ",") return ".";
  let thousands: { name: string; cell: string } | undefined;
  let hasComma = false;
  for (const [i, name] of names.entries()) {
    const cells = presentCells(
      rows.map((row) => row[i] ?? ""),
      nulls,
    );
    const isNumeric = (fraction: RegExp) => cells.every((cell) => fraction.test(cell) || WHOLE.test(cell));
    if (cells.some((cell) => WITH_POINT.test(cell)) && isNumeric(WITH_POINT)) return ".";
    const commas = cells.filter((cell) => WITH_COMMA.test(cell));
    if (commas.length === 0 || !isNumeric(WITH_COMMA)) continue;
    if (commas.every((cell) => THOUSANDS.test(cell))) thousands ??= { name, cell: commas[0]! };
    else hasComma = true;
  }
  if (hasComma || !thousands) return hasComma ? "," : ".";
  const { name, cell } = thousands;
  throw new LakotaError(
    "invalid-frame",
    `Column "${name}": the comma in ${cell} may be a decimal one, or separate thousands. ` +
      'Set decimal: "," or decimal: "."; with the latter such numbers are read as text.',
  );
}
