import { castColumn } from "../../model/cast.ts";
import type { ColumnData } from "../../model/column.ts";
import { LakotaError } from "../../model/errors.ts";
import { fromHalf, toHalf } from "../../model/half.ts";
import type { Column } from "../../model/schema.ts";
import { NAT } from "../../model/time.ts";
import { isTypedColumn } from "../../model/typed-column.ts";
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
import { TimeParser, type TimeParserOptions } from "./parse-time.ts";
import { isTextType } from "./type-text.ts";

/** Parses the cells of one column and collects their values. */
export interface CellParser {
  /** Adds the cell `bytes[start … end]`. Returns false, and adds nothing, where it does not fit the type. */
  addCell(bytes: Uint8Array, start: number, end: number): boolean;
  /** Adds a missing value. Returns false where the type cannot represent one and no `fill` is set. */
  addMissing(): boolean;
  /** Returns what the type accepts, to complete the message `text is not …`. */
  expected(text: string): string;
  /** Returns the values so far as a column, and starts a new one. */
  take(): ColumnData;
}

export interface CellParserOptions extends TimeParserOptions {
  decimal: "." | ",";
  /** Replaces missing values. Undefined: the type's own missing value, if it has one. */
  fill: unknown;
}

/**
 * Returns a parser for cells of `column`'s type.
 *
 * @throws `invalid-frame` for a `fill` that does not fit the type
 */
export function createCellParser(column: Column, options: CellParserOptions): CellParser {
  const { dtype } = column;
  const decimal = options.decimal.charCodeAt(0);
  const fill = castFill(column, options.fill);
  switch (dtype.kind) {
    case "str":
    case "fixed-str":
    case "bytes": {
      const builder = new TextColumnBuilder(dtype);
      const missing = typeof fill === "string" ? fill : "";
      return {
        addCell: (bytes, start, end) => builder.push(bytes, start, end),
        addMissing: () => builder.pushText(missing),
        expected: () => `UTF-8 text${dtype.size > 0 ? ` that fits ${dtype.name}` : ""}`,
        take: () => builder.take(),
      };
    }
    case "object":
      return parseInto(new ObjectColumnBuilder(column), parseJson, fill ?? null, () => "JSON");
    case "complex": {
      const parse: Parse<unknown> = (bytes, start, end) => parseComplex(decodeLatin1(bytes, start, end));
      const expected = () => "a complex number, as in 1.5-2j";
      return parseInto(new ObjectColumnBuilder(column), parse, fill ?? [NaN, NaN], expected);
    }
    case "datetime": {
      const times = new TimeParser(dtype.unit!, options);
      const missing = typeof fill === "bigint" ? fill : NAT;
      return parseInto(
        new BigIntColumnBuilder(column),
        (bytes, start, end) => times.parse(bytes, start, end),
        missing,
        (text) => times.expected(text),
      );
    }
    case "bool":
      return parseInto(new NumberColumnBuilder(column), parseBool, toNumber(fill), () => "true or false");
    case "float": {
      const parse: Parse<number> = (bytes, start, end) => parseFloatBytes(bytes, start, end, decimal);
      return parseInto(
        new NumberColumnBuilder(column),
        dtype.size === 2 ? roundToFloat16(parse) : parse,
        toNumber(fill) ?? Number.NaN,
        () => `a number (${dtype.name})`,
      );
    }
    default:
      return createIntegerParser(column, integerRange(dtype), fill);
  }
}

function createIntegerParser(column: Column, range: IntegerRange, fill: unknown): CellParser {
  const expected = () => `a whole number from ${range.min} to ${range.max} (${column.dtype.name})`;
  const parse: Parse<bigint> = (bytes, start, end) => parseIntegerBytes(bytes, start, end, range);
  if (column.dtype.size === 8) {
    const nat = column.dtype.kind === "timedelta" ? NAT : undefined;
    const missing = typeof fill === "bigint" ? fill : nat;
    return parseInto(new BigIntColumnBuilder(column), parse, missing, expected);
  }
  const parseNumber: Parse<number> = (...cell) => toNumber(parse(...cell));
  return parseInto(new NumberColumnBuilder(column), parseNumber, toNumber(fill), expected);
}

/** Returns undefined for a cell that does not fit the type. */
type Parse<V> = (bytes: Uint8Array, start: number, end: number) => V | undefined;

/** Returns a parser that adds the values of `parse` to `builder`. */
function parseInto<V>(
  builder: ColumnBuilder<V>,
  parse: Parse<V>,
  missing: V | undefined,
  expected: (text: string) => string,
): CellParser {
  return {
    addCell(bytes, start, end) {
      const value = parse(bytes, start, end);
      if (value === undefined) return false;
      builder.push(value);
      return true;
    },
    addMissing() {
      if (missing === undefined) return false;
      builder.push(missing);
      return true;
    },
    expected,
    take: () => builder.take(),
  };
}

/** Returns `fill` as a value of the column. */
function castFill(column: Column, fill: unknown): unknown {
  if (fill === undefined || column.dtype.kind === "object") return fill;
  const data = fillColumn(column, fill);
  if (column.dtype.kind === "complex") return isTypedColumn(data) ? Array.from<unknown>(data) : undefined;
  return "at" in data ? data.at(0) : undefined;
}

/**
 * Returns a column of one row, the value that replaces missing ones. Text is read as a cell of the column.
 *
 * @throws `invalid-frame` for a value that does not fit the type
 */
export function fillColumn(column: Column, fill: unknown): ColumnData {
  const { name, dtype } = column;
  const isRead = typeof fill === "string" && !isTextType(dtype) && dtype.kind !== "object";
  if (!isRead) return castColumn(column, dtype.kind === "complex" ? [fill].flat() : [fill]);
  const parser = createCellParser(column, PLAIN_CELLS);
  const bytes = new TextEncoder().encode(fill);
  if (parser.addCell(bytes, 0, bytes.length)) return parser.take();
  throw new LakotaError(
    "invalid-frame",
    `fill: ${JSON.stringify(fill)} is not ${parser.expected(fill)}, as column "${name}" needs.`,
  );
}

/** Cells as this library writes them. */
export const PLAIN_CELLS: CellParserOptions = {
  format: "iso",
  zone: undefined,
  clock: "reject",
  decimal: ".",
  fill: undefined,
};

const toNumber = (value: unknown): number | undefined =>
  typeof value === "number" || typeof value === "bigint" ? Number(value) : undefined;

const roundToFloat16 =
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

/** JSON has no `undefined`, so undefined stands for a cell that is not JSON. */
const parseJson: Parse<unknown> = (bytes, start, end) => {
  try {
    return JSON.parse(decodeUtf8(bytes, start, end) ?? "");
  } catch {
    return undefined;
  }
};
