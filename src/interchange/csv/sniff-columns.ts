import { LakotaError } from "../../model/errors.ts";
import { ownEntry } from "../../model/own-entry.ts";
import type { Schema } from "../../model/schema.ts";
import { inferSchema } from "../table/infer-schema.ts";
import type { TableOptions } from "../table/row-source.ts";
import { type Inferred, inferType, presentCells } from "../values/infer-types.ts";
import { readIso } from "../values/iso8601.ts";
import { newParsedTime } from "../values/parsed-time.ts";
import { lookLikeTimes, timeFormats } from "../values/sniff-times.ts";
import type { TimeFormat } from "../values/strptime.ts";
import { isTextType } from "../values/type-text.ts";
import { AmbiguousTimes } from "./ambiguous-times.ts";
import type { CsvHead } from "./dialect.ts";

/** What the sample tells about the columns, and the options say. */
export interface SniffedColumns {
  schema: Schema;
  /** The formats of times, of columns in which they are not ISO 8601. */
  formats: Record<string, TimeFormat>;
}

/**
 * Returns the types of the columns and the formats of their times.
 *
 * @throws `invalid-frame` for times of which the sample does not tell the format, and for an index that looks like times,
 *   and is none; the errors of {@link inferSchema}
 */
export function sniffColumns(
  head: CsvHead,
  nulls: ReadonlySet<string>,
  decimal: "." | ",",
  options: TableOptions & { formats?: Readonly<Record<string, TimeFormat>> },
): SniffedColumns {
  const { formats: given = {}, fill = {} } = options;
  const columns = new Map(head.names.map((name, i) => [name, head.rows.map((row) => row[i] ?? "")]));
  const inferred = new Map<string, Inferred>();
  const infer = (name: string): string => {
    const format = ownEntry(given, name);
    const filled = Object.hasOwn(fill, name);
    const found = inferType(columns.get(name)!, { nulls, decimal, format, filled });
    inferred.set(name, found);
    return found.type;
  };
  const schema = inferSchema(
    head.names.map((name) => ({ name, inferType: () => infer(name) })),
    options,
  );
  const formats = new Map<string, TimeFormat>();
  for (const { name, dtype, index } of schema.columns) {
    const cells = presentCells(columns.get(name)!, nulls);
    const found = inferred.get(name);
    const isTime = dtype.kind === "datetime";
    // A first column that is no column of times is not the index where another is, but was meant to be.
    const isIndex = index || name === head.names[0];
    const format = ownEntry(given, name);
    // The type of a schema or of the options tells that there are times, but not how they are written.
    const candidates =
      found?.candidates ?? (isTime && !found && format === undefined ? formatsOf(cells) : []);
    if (candidates.length > 1 && (isTime || isIndex || String(candidates).includes("%Y")))
      throw ambiguous(name, cells[0]!, candidates, isTime);
    if (found && format === undefined && isIndex && isTextType(dtype) && lookLikeTimes(cells))
      throw noTimes(name, presentSample(head, nulls, name));
    const chosen = format ?? found?.format ?? candidates[0];
    if (isTime && chosen !== undefined && chosen !== "iso") formats.set(name, chosen);
  }
  return { schema, formats: Object.fromEntries(formats) };
}

interface Cell {
  text: string;
  line: number;
}

function presentSample({ names, rows, lines }: CsvHead, nulls: ReadonlySet<string>, name: string): Cell[] {
  const position = names.indexOf(name);
  return rows
    .map((row, i) => ({ text: (row[position] ?? "").trim(), line: lines[i]! }))
    .filter(({ text }) => !nulls.has(text));
}

/** Returns the formats that the times of a column may have; none if they are in ISO 8601, or in no known format. */
function formatsOf(cells: readonly string[]): string[] {
  const time = newParsedTime();
  return cells.every((cell) => readIso(cell, time)) ? [] : timeFormats(cells);
}

function ambiguous(name: string, cell: string, formats: readonly string[], isTime: boolean): AmbiguousTimes {
  const text = isTime ? "" : `, or read it as text, with types: { ${name}: "str" }`;
  return new AmbiguousTimes(
    `Column "${name}": ${cell} may be of the format ${formats.join(" or ")}, and no row of the sample tells which. ` +
      `Set the one that is meant, as in formats: { ${name}: "${formats[0]}" }${text}.`,
    name,
    formats,
  );
}

/** Returns the error for text that looks like times. It names the first cell that differs from most others. */
function noTimes(name: string, sample: readonly Cell[]): LakotaError {
  const time = newParsedTime();
  const matches = (format: string) =>
    format === "iso"
      ? ({ text }: Cell) => readIso(text, time)
      : ({ text }: Cell) => timeFormats([text]).includes(format);
  const formats = ["iso", ...sample.slice(0, 100).flatMap(({ text }) => timeFormats([text]))];
  const usual = [...new Set(formats)].find(
    (format) => sample.filter(matches(format)).length * 2 > sample.length,
  );
  const odd = (usual !== undefined && sample.find((cell) => !matches(usual)(cell))) || sample[0]!;
  const problem =
    usual === undefined
      ? "in a known format"
      : usual === "iso"
        ? "one in ISO 8601"
        : `of the format ${usual}`;
  return new LakotaError(
    "invalid-frame",
    `Column "${name}" looks like times, but ${JSON.stringify(odd.text.slice(0, 60))} in line ${odd.line} is not ${problem}. ` +
      `Correct it, set the format, as in formats: { ${name}: "%d.%m.%Y %H:%M" }, ` +
      `or read it as text, with types: { ${name}: "str" }.`,
  );
}
