import { LakotaError } from "./errors.ts";
import { TIME_UNITS, type TimeUnit } from "./time-units.ts";

export { TIME_UNITS, type TimeUnit };

export type Kind =
  | "float"
  | "int"
  | "uint"
  | "bool"
  | "complex"
  | "datetime"
  | "timedelta"
  | "str" // variable length, `<U0`
  | "object"
  | "fixed-str" // `<U5`: UCS-4, padded with NUL
  | "bytes"; // `|S5`: Latin-1, padded with NUL

/** The type of a column's items. */
export interface DType {
  /** The name that the format uses: `float64`, `datetime64[s]`, `<U0`, `object`, … */
  readonly name: string;
  readonly kind: Kind;
  /** Bytes of one item in the raw array; 0 where items have no fixed size. */
  readonly size: number;
  /** The unit of datetimes and timedeltas; undefined for other types. */
  readonly unit?: TimeUnit;
}

const ALIASES: Record<string, string> = {
  date: "datetime64[D]",
  timestamp: "datetime64[s]",
  float: "float64",
  double: "float64",
  int: "int64",
  uint: "uint64",
  str: "<U0",
  U: "<U0",
  "<U": "<U0",
  "|O": "object",
  O: "object",
  b1: "bool",
  "|b1": "bool",
  "?": "bool",
};

/** Kinds of numbers and the bytes of an item, by the first letter. */
const NUMBERS: Record<string, readonly [kind: "float" | "int" | "uint" | "complex", ...bytes: number[]]> = {
  f: ["float", 2, 4, 8],
  i: ["int", 1, 2, 4, 8],
  u: ["uint", 1, 2, 4, 8],
  c: ["complex", 8, 16],
};

/**
 * Returns the type with a name: an alias of Lakota (`timestamp`, `float`, …), or a short or long name of
 * numpy (`f8`, `float64`, `M8[ms]`, `datetime64[ms]`, `U5`), with or without a byte order mark.
 *
 * @throws `invalid-schema` for an unknown name
 */
export function parseDType(text: string): DType {
  const known = cache.get(text);
  if (known) return known;
  const dtype = build(text);
  cache.set(text, dtype);
  return dtype;
}

const cache = new Map<string, DType>();

function build(text: string): DType {
  const name = ALIASES[text] ?? text;
  if (name === "object") return { name, kind: "object", size: 0 };
  if (name === "bool") return { name, kind: "bool", size: 1 };
  if (name === "<U0") return { name, kind: "str", size: 0 };

  const time = /^<?(?:(M8|datetime64)|m8|timedelta64)\[(\w+)\]$/.exec(name);
  const unit = TIME_UNITS.find((u) => u === time?.[2]);
  if (time && unit) {
    const kind = time[1] ? "datetime" : "timedelta";
    return { name: `${kind}64[${unit}]`, kind, size: 8, unit };
  }
  const sized = /^[<|]?([US])([1-9]\d{0,5})$/.exec(name);
  if (sized) {
    const width = Number(sized[2]);
    return sized[1] === "U"
      ? { name: `<U${width}`, kind: "fixed-str", size: 4 * width }
      : { name: `|S${width}`, kind: "bytes", size: width };
  }
  const number = /^(?:[<|]?([fiuc])|(float|int|uint|complex))(\d+)$/.exec(name);
  if (number) {
    const [, letter, word = "", digits] = number;
    const [kind, ...sizes] = NUMBERS[letter ?? word[0]!]!;
    const size = Number(digits) / (word ? 8 : 1);
    if (sizes.includes(size)) return { name: kind + size * 8, kind, size };
  }
  throw new LakotaError(
    "invalid-schema",
    `Unknown column type "${text}". Use timestamp, date, float, int, str, bool, …`,
  );
}

/** Whether items have a fixed size, so that the column can be stored as its raw bytes. */
export const isFixed = (dtype: DType): boolean => dtype.size > 0;

/** Returns how many elements of the typed array one item takes: 2 for complex numbers, else 1. */
export const lanes = (dtype: DType): number => (dtype.kind === "complex" ? 2 : 1);

/** Returns the codecs of a column for which the schema names none. */
export const defaultCodecs = (dtype: DType): string[] => (isFixed(dtype) ? ["blosc"] : ["msgpack2", "zstd"]);
