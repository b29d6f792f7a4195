import { castColumn } from "../../model/cast.ts";
import { type ColumnData, isTypedColumn } from "../../model/column.ts";
import { fromHalf, toHalf } from "../../model/half.ts";
import type { Column } from "../../model/schema.ts";
import { NAT } from "../../model/time.ts";
import {
  BigIntColumnBuilder,
  type ColumnBuilder,
  NumberColumnBuilder,
  ObjectColumnBuilder,
} from "./column-builders.ts";
import {
  decodeLatin1,
  type IntegerRange,
  integerRange,
  parseComplex,
  parseFloatBytes,
  parseIntegerBytes,
} from "./parse-number.ts";
import { decodeUtf8, TextColumnBuilder } from "./parse-text.ts";
import { TimeParser, type TimeRules } from "./parse-time.ts";

/** A column that is being read from text, cell by cell. */
export interface CellParser {
  /** Adds the cell `bytes[start … end]`. False, and nothing added, where it does not fit the type. */
  addCell(bytes: Uint8Array, start: number, end: number): boolean;
  /** Adds a row without a value. False where the type has no way to say so, and nothing is to be filled in. */
  addMissing(): boolean;
  /** Ends the sentence that `text` is not …: what the type takes. */
  expected(text: string): string;
  /** The rows so far; the next ones begin a new column. */
  take(): ColumnData;
}

export interface CellParserOptions extends TimeRules {
  decimal: "." | ",";
  /** What stands in for missing values; undefined for what the type has for that. */
  fill: unknown;
}

/** An empty column that reads cells of `column`'s type. @throws `invalid-frame` for a `fill` that does not fit. */
export function createCellParser(column: Column, rules: CellParserOptions): CellParser {
  const { dtype } = column;
  const decimal = rules.decimal.charCodeAt(0);
  const fill = castFill(column, rules.fill);
  switch (dtype.kind) {
    case "str":
    case "fixed-str":
    case "bytes": {
      const items = new TextColumnBuilder(dtype);
      const missing = typeof fill === "string" ? fill : "";
      return {
        addCell: (bytes, start, end) => items.push(bytes, start, end),
        addMissing: () => items.pushText(missing),
        expected: () => `UTF-8 text${dtype.size > 0 ? ` that fits ${dtype.name}` : ""}`,
        take: () => items.take(),
      };
    }
    case "object":
      return parseInto(new ObjectColumnBuilder(column), parseJson, fill ?? null, () => "JSON");
    case "complex": {
      const parse: Parse<unknown> = (bytes, start, end) => parseComplex(decodeLatin1(bytes, start, end));
      return parseInto(
        new ObjectColumnBuilder(column),
        parse,
        fill ?? [NaN, NaN],
        () => "a complex number, as in 1.5-2j",
      );
    }
    case "datetime": {
      const times = new TimeParser(dtype.unit!, rules);
      const missing = typeof fill === "bigint" ? fill : NAT;
      return parseInto(
        new BigIntColumnBuilder(column),
        (bytes, start, end) => times.parse(bytes, start, end),
        missing,
        (text) => times.wanted(text),
      );
    }
    case "bool":
      return parseInto(new NumberColumnBuilder(column), parseBool, numberOf(fill), () => "true or false");
    case "float": {
      const parse: Parse<number> = (bytes, start, end) => parseFloatBytes(bytes, start, end, decimal);
      const missing = numberOf(fill) ?? Number.NaN;
      return parseInto(
        new NumberColumnBuilder(column),
        dtype.size === 2 ? toFloat16(parse) : parse,
        missing,
        () => `a number (${dtype.name})`,
      );
    }
    default:
      return integerParser(column, integerRange(dtype), fill);
  }
}

function integerParser(column: Column, range: IntegerRange, fill: unknown): CellParser {
  const wanted = () => `a whole number from ${range.min} to ${range.max} (${column.dtype.name})`;
  const parse: Parse<bigint> = (bytes, start, end) => parseIntegerBytes(bytes, start, end, range);
  if (column.dtype.size === 8) {
    const nat = column.dtype.kind === "timedelta" ? NAT : undefined;
    return parseInto(new BigIntColumnBuilder(column), parse, typeof fill === "bigint" ? fill : nat, wanted);
  }
  return parseInto(
    new NumberColumnBuilder(column),
    (...cell) => numberOf(parse(...cell)),
    numberOf(fill),
    wanted,
  );
}

type Parse<V> = (bytes: Uint8Array, start: number, end: number) => V | undefined;

function parseInto<V>(
  items: ColumnBuilder<V>,
  parse: Parse<V>,
  missing: V | undefined,
  wanted: (text: string) => string,
): CellParser {
  return {
    addCell(bytes, start, end) {
      const value = parse(bytes, start, end);
      if (value === undefined) return false;
      items.push(value);
      return true;
    },
    addMissing() {
      if (missing === undefined) return false;
      items.push(missing);
      return true;
    },
    expected: wanted,
    take: () => items.take(),
  };
}

/** `fill` as an item of the column. */
function castFill(column: Column, fill: unknown): unknown {
  if (fill === undefined || column.dtype.kind === "object") return fill;
  const complex = column.dtype.kind === "complex";
  const data = castColumn(column, complex ? [fill].flat() : [fill]);
  if (complex) return isTypedColumn(data) ? Array.from<unknown>(data) : undefined;
  return "at" in data ? data.at(0) : undefined;
}

const numberOf = (value: unknown): number | undefined =>
  typeof value === "number" || typeof value === "bigint" ? Number(value) : undefined;

const toFloat16 =
  (parse: Parse<number>): Parse<number> =>
  (...cell) => {
    const value = parse(...cell);
    return value === undefined ? undefined : fromHalf(toHalf(value));
  };

const parseBool: Parse<number> = (bytes, start, end) => {
  const text = decodeLatin1(bytes, start, Math.min(end, start + 16)).toLowerCase();
  if (text === "true" || text === "1") return 1;
  return text === "false" || text === "0" ? 0 : undefined;
};

/** JSON has no `undefined`, which means here that the cell is none. */
const parseJson: Parse<unknown> = (bytes, start, end) => {
  try {
    return JSON.parse(decodeUtf8(bytes, start, end) ?? "");
  } catch {
    return undefined;
  }
};
