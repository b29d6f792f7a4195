/** Values as GOLDEN.md writes them, so that they survive JSON and are the same for Python. */
import type { Frame } from "lakota/engine";

export interface WrittenColumn {
  dt: string;
  values: unknown[];
}

export interface WrittenFrame {
  length: number;
  columns: Record<string, WrittenColumn>;
}

export function writeFrame(frame: Frame): WrittenFrame {
  const columns = frame.columns.map((name): [string, WrittenColumn] => {
    const dt = frame.type(name);
    return [name, { dt, values: writeColumn(frame.get(name), dt) }];
  });
  return { length: frame.length, columns: Object.fromEntries(columns) };
}

/** Complex numbers become pairs. */
function writeColumn(data: ArrayLike<unknown>, dt: string): unknown[] {
  const items = Array.from(data, (value) => writeValue(value, dt));
  if (!dt.startsWith("complex")) return items;
  return Array.from({ length: items.length / 2 }, (_, row) => items.slice(2 * row, 2 * row + 2));
}

export function writeValue(value: unknown, dt: string): unknown {
  if (dt === "object") return writeObject(value);
  if (dt === "bool") return value === 1;
  if (typeof value === "number" && /^(float|complex)/.test(dt)) return writeFloat(value);
  return typeof value === "string" ? value : String(value);
}

interface WrittenObject {
  t: string;
  v?: unknown;
}

function writeObject(value: unknown): WrittenObject {
  if (value === null) return { t: "none" };
  if (typeof value === "boolean") return { t: "bool", v: value };
  if (typeof value === "bigint") return { t: "int", v: String(value) };
  if (typeof value === "number") {
    return Number.isInteger(value) && !Object.is(value, -0)
      ? { t: "int", v: String(value) }
      : { t: "float", v: writeFloat(value) };
  }
  if (typeof value === "string") return { t: "str", v: value };
  if (value instanceof Uint8Array) {
    return { t: "bytes", v: Array.from(value, (byte) => byte.toString(16).padStart(2, "0")).join("") };
  }
  if (Array.isArray(value)) return { t: "list", v: value.map(writeObject) };
  return {
    t: "dict",
    v: Object.entries(value as object).map(([k, v]) => [{ t: "str", v: k }, writeObject(v)]),
  };
}

/** Python's `repr` of a float. */
function writeFloat(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Object.is(value, -0)) return "-0.0";
  const [mantissa, exponent] = value.toExponential().split("e") as [string, string];
  const power = Number(exponent);
  if (power < -4 || power >= 16) {
    return `${mantissa}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
  }
  const plain =
    power < 0 ? value.toFixed(Math.max(0, mantissa.replace(/^-?\d\.?/, "").length - power)) : String(value);
  return plain.includes(".") ? plain : `${plain}.0`;
}

/** A column as a writer takes it, from how it is written. */
export function readColumn(values: readonly unknown[], dt: string): unknown[] {
  return dt.startsWith("complex")
    ? values.flat().map((item) => readValue(item, dt))
    : values.map((item) => readValue(item, dt));
}

export function readValue(item: unknown, dt: string): unknown {
  if (dt === "object") return readObject(item as WrittenObject);
  if (typeof item !== "string" || /^(<U|\|S)/.test(dt)) return item;
  return /^(float|complex)/.test(dt) ? Number(item) : BigInt(item);
}

function readObject({ t, v }: WrittenObject): unknown {
  switch (t) {
    case "none":
      return null;
    case "int":
      return Number.isSafeInteger(Number(v)) ? Number(v) : BigInt(v as string);
    case "float":
      return Number(v);
    case "bytes":
      return Uint8Array.from((v as string).match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
    case "list":
      return (v as WrittenObject[]).map(readObject);
    case "dict":
      return Object.fromEntries(
        (v as [WrittenObject, WrittenObject][]).map(([key, value]) => [readObject(key), readObject(value)]),
      );
    default:
      return v;
  }
}
