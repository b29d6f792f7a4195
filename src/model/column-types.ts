/** Types of columns by name, as `new Schema()` takes them: `{ timestamp: "timestamp*", value: "float | zstd" }`. */
export type ColumnTypes = Readonly<Record<string, string>>;

/** Names of the columns of a schema. */
export type NameOf<C extends ColumnTypes> = keyof C & string;

type Unit = "Y" | "M" | "W" | "D" | "h" | "m" | "s" | "ms" | "us" | "ns";
type Order = "" | "<" | "|";
export type DateTime = "timestamp" | "date" | `${"" | "<"}${"M8" | "datetime64"}[${Unit}]`;
export type Duration = `${"" | "<"}${"m8" | "timedelta64"}[${Unit}]`;
export type Text = "str" | "U" | "<U" | "<U0" | `${Order}${"U" | "S"}${number}`;
export type Complex = "complex128" | "complex64" | `${Order}${"c16" | "c8"}`;
type Float = "float" | "double" | `float${"16" | "32" | "64"}` | `${Order}f${"2" | "4" | "8"}`;
/** Types of which null is a value: not a number. */
export type Nullable = Float | Complex;
export type Bool = "bool" | "b1" | "|b1" | "?";
export type Anything = "O" | "|O" | "object";

/** Types with their typed array as it is read, and with the option `numbers`. */
export interface Arrays {
  float64: [Float64Array<ArrayBuffer>, Float64Array<ArrayBuffer>];
  float32: [Float32Array<ArrayBuffer>, Float32Array<ArrayBuffer>];
  int64: [BigInt64Array<ArrayBuffer>, Float64Array<ArrayBuffer>];
  uint64: [BigUint64Array<ArrayBuffer>, Float64Array<ArrayBuffer>];
  int32: [Int32Array<ArrayBuffer>, Int32Array<ArrayBuffer>];
  uint32: [Uint32Array<ArrayBuffer>, Uint32Array<ArrayBuffer>];
  int16: [Int16Array<ArrayBuffer>, Int16Array<ArrayBuffer>];
  uint16: [Uint16Array<ArrayBuffer>, Uint16Array<ArrayBuffer>];
  int8: [Int8Array<ArrayBuffer>, Int8Array<ArrayBuffer>];
  uint8: [Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>];
}

/** Names of types, by the typed array that holds them. */
interface Names {
  float64: "float" | "double" | "float64" | `${Order}f8` | "complex128" | `${Order}c16`;
  float32: "float32" | "float16" | `${Order}${"f4" | "f2"}` | "complex64" | `${Order}c8`;
  int64: "int" | "int64" | `${Order}i8` | DateTime | Duration;
  uint64: "uint" | "uint64" | `${Order}u8`;
  int32: "int32" | `${Order}i4`;
  uint32: "uint32" | `${Order}u4`;
  int16: "int16" | `${Order}i2`;
  uint16: "uint16" | `${Order}u2`;
  int8: "int8" | `${Order}i1`;
  uint8: "uint8" | `${Order}u1` | Bool;
}

export type Numeric = Names[keyof Names];
type TypeName = Numeric | Text | Anything;
type CodecName = "msgpack2" | "json2" | "vlen-utf8" | "blosc" | "zstd" | "lz4" | "gzip" | "zlib" | "shuffle";

/** Whether text is known in full: not `string`, nor a pattern such as `M8[${string}]`. */
type IsLiteral<T extends string> = Record<never, never> extends Record<T, 1> ? false : true;

type Trim<T extends string> = T extends ` ${infer R}` | `${infer R} ` ? Trim<R> : T;
/** The text before the codecs. A bar at the start is a byte order mark, as in "|b1". */
type Head<T extends string> = T extends `|${infer R}`
  ? `|${Head<R>}`
  : T extends `${infer H}|${string}`
    ? Trim<H>
    : Trim<T>;
export type IsIndex<T extends string> = Head<T> extends `${string}*` ? true : false;
export type NameIn<T extends string> = Head<T> extends `${infer N}*` ? Trim<N> : Head<T>;
type Codecs<T extends string> = T extends `|${infer R}`
  ? Codecs<R>
  : T extends `${string}|${infer R}`
    ? R
    : "";
type AreCodecs<T extends string> = T extends `${infer C}|${infer R}`
  ? Trim<C> extends CodecName
    ? AreCodecs<R>
    : false
  : Trim<T> extends CodecName | ""
    ? true
    : false;

/** The columns, if their types are known; else what is wrong in place of a type. Text that is no literal is not checked. */
export type ValidTypes<C extends ColumnTypes> = {
  readonly [K in keyof C]: IsLiteral<C[K]> extends false
    ? C[K]
    : NameIn<C[K]> extends TypeName
      ? AreCodecs<Codecs<C[K]>> extends true
        ? C[K]
        : `unknown codec in "${C[K]}"`
      : `unknown column type "${NameIn<C[K]>}"`;
};

/** The key in {@link Arrays} of a type. */
export type ArrayOf<N extends string> = { [K in keyof Names]: N extends Names[K] ? K : never }[keyof Names];
