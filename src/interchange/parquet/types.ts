import type { SchemaElement } from "hyparquet";
import type { DType } from "../../model/dtype.ts";
import { LakotaError } from "../../model/errors.ts";

/** What a column of a Parquet file is to Lakota. */
export interface ParquetColumn {
  name: string;
  /** In Lakota's type text. */
  type: string;
  /** Its times are by some clock: the file does not say that they are UTC. */
  local: boolean;
  /** Digits after the point of decimals, which become floats. */
  scale?: number;
}

const UNITS: Readonly<Record<string, string>> = { MILLIS: "ms", MICROS: "us", NANOS: "ns" };

/** @throws `invalid-schema` for nested columns, and for plain bytes */
export function fromParquetType(element: SchemaElement): ParquetColumn {
  const { name, type, converted_type: old, logical_type: logical } = element;
  const column = (text: string, local = false): ParquetColumn => ({ name, type: text, local });
  const say = (text: string) =>
    new LakotaError("invalid-schema", `Column "${name}": ${text} Leave it out with columns: [...].`);
  if (element.num_children || element.repetition_type === "REPEATED")
    throw say("it is nested, and columns here are flat.");
  if (old === "DECIMAL" || logical?.type === "DECIMAL")
    return { ...column("float"), scale: element.scale ?? 0 };
  if (logical?.type === "TIMESTAMP") return column(`M8[${UNITS[logical.unit]}]`, !logical.isAdjustedToUTC);
  if (logical?.type === "TIME") return column(`m8[${UNITS[logical.unit]}]`);
  switch (old) {
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
      throw say(`${old} has no counterpart here.`);
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
  const integer = /^(U?)INT_(\d+)$/.exec(old ?? "");
  if (integer) return column(`${integer[1] ? "uint" : "int"}${integer[2]}`);
  if (old === "UTF8" || old === "ENUM") return column("str");
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
      throw say(`${logical?.type ?? type} has no counterpart here.`);
  }
}

/**
 * The Parquet type for a column. What Parquet lacks is stored in the nearest type, and its own name in the file's metadata:
 * seconds as milliseconds, months as days, durations as numbers, complex numbers and objects as text.
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
      // By its old name alone: hyparquet-writer 0.17 writes the new one (logical_type) so that pyarrow cannot read the file.
      const converted_type = dtype.kind === "int" ? (`INT_${bits}` as const) : (`UINT_${bits}` as const);
      return { ...required, type: bits === 64 ? "INT64" : "INT32", converted_type };
    }
    default:
      return { ...required, type: "BYTE_ARRAY", converted_type: "UTF8", logical_type: { type: "STRING" } };
  }
}

/** The unit in which times of a type are stored. */
export function parquetTimeUnit({ unit }: DType): "D" | "ms" | "us" | "ns" {
  if (unit === "us" || unit === "ns") return unit;
  return unit === "Y" || unit === "M" || unit === "W" || unit === "D" ? "D" : "ms";
}

/** The key of the file's metadata under which the types are, as JSON: column to type text. */
export const TYPES_METADATA_KEY = "lakota";
