import type { SchemaElement } from "hyparquet";
import type { DType } from "../../model/dtype.ts";
import { LakotaError } from "../../model/errors.ts";

/** A column of a Parquet file, and its type in Lakota. */
export interface ParquetColumn {
  name: string;
  /** Lakota's type text. */
  type: string;
  /** Whether its times are local: the file does not say that they are UTC. */
  isLocal: boolean;
  /** Whether values can be missing. */
  isOptional: boolean;
  /** Number of decimal places of DECIMAL values, which become floats. */
  scale?: number;
}

const UNITS: Readonly<Record<string, string>> = { MILLIS: "ms", MICROS: "us", NANOS: "ns" };

/**
 * Returns the type that represents a Parquet column.
 *
 * @throws `invalid-schema` for nested columns and plain bytes
 */
export function fromParquetType(element: SchemaElement): ParquetColumn {
  const { name, type, converted_type: converted, logical_type: logical } = element;
  const column = (text: string, isLocal = false): ParquetColumn => ({
    name,
    type: text,
    isLocal,
    isOptional: element.repetition_type !== "REQUIRED",
  });
  const unsupported = (what: string) => {
    const message = `Column "${name}": ${what} not supported. Leave the column out with columns: [...].`;
    return new LakotaError("invalid-schema", message);
  };
  if (element.num_children || element.repetition_type === "REPEATED") throw unsupported("nested columns are");
  if (converted === "DECIMAL" || logical?.type === "DECIMAL")
    return { ...column("float"), scale: element.scale ?? 0 };
  if (logical?.type === "TIMESTAMP") return column(`M8[${UNITS[logical.unit]}]`, !logical.isAdjustedToUTC);
  if (logical?.type === "TIME") return column(`m8[${UNITS[logical.unit]}]`);
  switch (converted) {
    case "DATE":
      return column("date");
    case "TIMESTAMP_MILLIS":
      return column("M8[ms]");
    case "TIMESTAMP_MICROS":
      return column("M8[us]");
    case "TIME_MILLIS":
      return column("m8[ms]");
    case "TIME_MICROS":
      return column("m8[us]");
    case "JSON":
      return column("O");
    case "BSON":
    case "INTERVAL":
      throw unsupported(`the type ${converted} is`);
  }
  switch (logical?.type) {
    case "DATE":
      return column("date");
    case "FLOAT16":
      return column("f2");
    case "UUID":
    case "STRING":
    case "ENUM":
      return column("str");
    case "JSON":
      return column("O");
    case "INTEGER":
      return column(`${logical.isSigned ? "int" : "uint"}${logical.bitWidth}`);
  }
  const integer = /^(U?)INT_(\d+)$/.exec(converted ?? "");
  if (integer) return column(`${integer[1] ? "uint" : "int"}${integer[2]}`);
  if (converted === "UTF8" || converted === "ENUM") return column("str");
  switch (type) {
    case "BOOLEAN":
      return column("bool");
    case "INT32":
      return column("i4");
    case "INT64":
      return column("int");
    case "INT96":
      return column("M8[ns]", true);
    case "FLOAT":
      return column("f4");
    case "DOUBLE":
      return column("float");
    default:
      throw unsupported(`the type ${logical?.type ?? type} is`);
  }
}

/**
 * Returns the Parquet type for a column. Types that Parquet lacks are stored in the nearest one, and named in
 * the file's metadata: seconds as milliseconds, months as days, durations as integers, complex numbers and
 * objects as text.
 */
export function toParquetType(name: string, dtype: DType): SchemaElement {
  const required = { name, repetition_type: "REQUIRED" as const };
  const optional = { name, repetition_type: "OPTIONAL" as const };
  switch (dtype.kind) {
    case "datetime": {
      if (parquetTimeUnit(dtype) === "D")
        return { ...optional, type: "INT32", converted_type: "DATE", logical_type: { type: "DATE" } };
      const unit = ({ ms: "MILLIS", us: "MICROS", ns: "NANOS" } as const)[
        parquetTimeUnit(dtype) as "ms" | "us" | "ns"
      ];
      return { ...optional, type: "INT64", logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit } };
    }
    case "timedelta":
      return { ...optional, type: "INT64" };
    case "bool":
      return { ...required, type: "BOOLEAN" };
    case "float":
      if (dtype.size === 8) return { ...required, type: "DOUBLE" };
      if (dtype.size === 4) return { ...required, type: "FLOAT" };
      return { ...required, type: "FIXED_LEN_BYTE_ARRAY", type_length: 2, logical_type: { type: "FLOAT16" } };
    case "int":
    case "uint": {
      const bits = (dtype.size * 8) as 8 | 16 | 32 | 64;
      // Without logical_type: the one that hyparquet-writer 0.17 writes for integers makes the file
      // unreadable to pyarrow.
      const converted_type = dtype.kind === "int" ? (`INT_${bits}` as const) : (`UINT_${bits}` as const);
      return { ...required, type: bits === 64 ? "INT64" : "INT32", converted_type };
    }
    default:
      return { ...required, type: "BYTE_ARRAY", converted_type: "UTF8", logical_type: { type: "STRING" } };
  }
}

/** Returns the unit in which Parquet stores times of a type. */
export function parquetTimeUnit({ unit }: DType): "D" | "ms" | "us" | "ns" {
  if (unit === "us" || unit === "ns") return unit;
  return unit === "Y" || unit === "M" || unit === "W" || unit === "D" ? "D" : "ms";
}

/** Key in the file's metadata under which the types are stored, as a JSON object from column to type text. */
export const TYPES_METADATA_KEY = "lakota";
