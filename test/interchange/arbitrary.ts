import fc from "fast-check";
import { castColumn } from "../../src/model/cast.ts";
import type { ColumnData } from "../../src/model/column.ts";
import { type DType, parseDType } from "../../src/model/dtype.ts";
import { Frame } from "../../src/model/frame.ts";
import { fromHalf, toHalf } from "../../src/model/half.ts";
import { Schema } from "../../src/model/schema.ts";
import { NAT, toUnit } from "../../src/model/time.ts";

/** Every type that a column can have, once. */
export const TYPES = [
  ...["float", "f4", "f2", "c16", "c8", "bool", "O", "str", "U5", "S4"],
  ...["i1", "i2", "i4", "int", "u1", "u2", "u4", "uint"],
  ...["Y", "M", "W", "D", "h", "m", "s", "ms", "us", "ns"].flatMap((unit) => [`M8[${unit}]`, `m8[${unit}]`]),
];

/** Text with characters that parsers may mishandle. */
const text = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.constantFrom(
    "",
    " a ",
    '"',
    'a"b',
    "a,b;c\td|",
    "\r\n",
    "\n",
    "\r",
    "\ufeff",
    "NA",
    "nan",
    "1",
    "é",
    "😀",
  ),
);

/** Years 1 to 9999, where ISO text needs no sign. */
const FIRST = Date.UTC(2000, 0, 1) - 63_082_281_600_000;
const LAST = Date.UTC(9999, 11, 31);
/** Nanoseconds since 1970 have a smaller range. */
const NS = { min: -(2n ** 62n), max: 2n ** 62n };

/** One item of a type, as `castColumn` accepts it. Times may be missing. */
function itemOf(dtype: DType): fc.Arbitrary<unknown> {
  switch (dtype.kind) {
    case "float":
      if (dtype.size === 8) return fc.double();
      return dtype.size === 4 ? fc.float() : fc.double().map((value) => fromHalf(toHalf(value)));
    case "complex":
      return dtype.size === 16 ? fc.double() : fc.float();
    case "bool":
      return fc.boolean();
    case "object":
      return fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)));
    case "str":
      return text;
    case "fixed-str":
      return text.map((value) => [...value].slice(0, 5).join("").replaceAll("\0", ""));
    case "bytes":
      return text.map((value) => value.replace(/[^ -~\xa0-\xff]/gu, "").slice(0, 4));
    case "timedelta":
      // Arrow stores durations in weeks to minutes as seconds.
      return /^[WDhm]$/.test(dtype.unit!)
        ? fc.bigInt({ min: -(2n ** 40n), max: 2n ** 40n })
        : fc.bigInt({ min: NAT, max: -NAT - 1n });
    case "datetime": {
      if (dtype.unit === "ns") return fc.oneof(fc.bigInt(NS), fc.constant(NAT));
      const [min, max] = [FIRST, LAST].map((ms) => toUnit(ms, dtype.unit!)) as [bigint, bigint];
      return fc.oneof(
        { weight: 9, arbitrary: fc.bigInt({ min: min + 1n, max }) },
        { weight: 1, arbitrary: fc.constant(NAT) },
      );
    }
    default: {
      const bits = BigInt(8 * dtype.size);
      const unsigned = dtype.kind === "uint";
      return fc.bigInt(
        unsigned ? 0n : -(2n ** (bits - 1n)),
        unsigned ? 2n ** bits - 1n : 2n ** (bits - 1n) - 1n,
      );
    }
  }
}

export interface SchemaAndFrame {
  schema: Schema;
  frame: Frame;
}

/** Frames with an index of whole numbers and one column of `type`. */
export function frames(type: string): fc.Arbitrary<SchemaAndFrame> {
  const dtype = parseDType(type);
  const schema = new Schema({ row: "int*", value: type });
  const item = itemOf(dtype);
  return fc
    .array(dtype.kind === "complex" ? fc.tuple(item, item) : item, { minLength: 1, maxLength: 20 })
    .map((items) => {
      const column = schema.column("value");
      const data: ColumnData[] = [
        BigInt64Array.from(items, (_, row) => BigInt(row)),
        castColumn(column, dtype.kind === "complex" ? items.flat() : items),
      ];
      const parts = schema.columns.map((each, i) => ({
        name: each.name,
        type: each.dtype.name,
        data: data[i]!,
      }));
      return { schema, frame: new Frame(parts) };
    });
}

/** Returns a frame as plain values to compare; `toEqual` tells -0 from 0. */
export function plain(frame: Frame): unknown {
  return frame.columns.map((name) => {
    const values = frame.get(name);
    return {
      name,
      type: frame.type(name),
      kind: values.constructor.name,
      values: Array.from<unknown>(values),
    };
  });
}
