import { type DType, defaultCodecs, isFixed, parseDType } from "./dtype.ts";
import { LakotaError } from "./errors.ts";

/** Codecs that turn a column of values into bytes; they can only come first in a pipeline. */
const VALUE_CODECS = ["msgpack2", "json2", "vlen-utf8"];
const BYTE_CODECS = ["blosc", "zstd", "lz4", "gzip", "zlib", "shuffle"];
/** Known to the format and refused: the browser has no decoder, or decoding would be unsafe. */
const REFUSED_CODECS = ["bz2", "lzma", "base64", "pickle"];

/** One column of a schema. */
export interface Column {
  readonly name: string;
  readonly dtype: DType;
  /** Applied left to right on write. */
  readonly codecs: readonly string[];
  readonly index: boolean;
}

/** A schema as the registry stores it. The order of keys is the order of columns. */
export interface SchemaDump {
  kind: string | null;
  columns: Record<string, { dt: string; codecs: string[]; idx: boolean }>;
}

/**
 * The typed columns of a collection; those marked `*` are the index, in order.
 *
 * @example
 * new Schema({ timestamp: "timestamp*", station: "str*", value: "float | zstd" })
 * Schema.kv({ label: "str*", meta: "O" }) // one row a key
 */
export class Schema {
  readonly kind: "kv" | null;
  readonly columns: readonly Column[];
  readonly index: readonly Column[];

  /**
   * @param columns column names to types: `TYPE`, then `*` for an index column, then `| CODEC` any number of times.
   *   A name of digits alone is refused: JavaScript's objects would move it before the others.
   * @throws `invalid-schema`, naming the column; `unsupported-codec` for a codec that this library does not have.
   */
  constructor(columns: Readonly<Record<string, string>> | readonly Column[], kind: "kv" | null = null) {
    this.kind = kind;
    this.columns = Array.isArray(columns)
      ? columns
      : Object.entries(columns).map(([name, type]) => checked(parseColumn(name, type)));
    this.index = this.columns.filter((column) => column.index);
    if (this.index.length === 0) {
      throw new LakotaError(
        "invalid-schema",
        `A schema needs an index: mark a column with *, as in "timestamp*".`,
      );
    }
    for (const { name, dtype } of this.index) {
      if (dtype.kind === "object" || dtype.kind === "complex") {
        throw new LakotaError(
          "invalid-schema",
          `Column "${name}" of type ${dtype.name} has no order; it cannot be an index.`,
        );
      }
    }
  }

  /** A schema whose series keep one row a key: writes merge by key, and the new row wins. */
  static kv(columns: Readonly<Record<string, string>>): Schema {
    return new Schema(columns, "kv");
  }

  /**
   * The schema in a registry. Codecs that we lack are accepted here: they matter only to who reads the column.
   * Python may have named columns by digits alone: those come first here, in ascending order, as JavaScript's objects
   * have it.
   *
   * @throws `corrupt`, `invalid-schema`
   */
  static load(dump: SchemaDump): Schema {
    const columns = Object.entries(dump.columns).map(([name, { dt, codecs, idx }]) => {
      if (typeof dt !== "string" || !Array.isArray(codecs)) {
        throw new LakotaError(
          "corrupt",
          `Column "${name}" of the stored schema lacks its type or its codecs.`,
        );
      }
      return { name, dtype: dtypeOf(name, dt), codecs, index: idx };
    });
    return new Schema(columns, dump.kind === "kv" ? "kv" : null);
  }

  dump(): SchemaDump {
    const columns: SchemaDump["columns"] = {};
    for (const { name, dtype, codecs, index } of this.columns) {
      columns[name] = { dt: dtype.name, codecs: [...codecs], idx: index };
    }
    return { kind: this.kind, columns };
  }

  /** @throws `invalid-argument`, naming the columns that there are. */
  column(name: string): Column {
    const column = this.columns.find((c) => c.name === name);
    if (column) return column;
    const names = this.columns.map((c) => c.name).join(", ");
    throw new LakotaError("invalid-argument", `No column "${name}". This collection has: ${names}.`);
  }

  equals(other: Schema): boolean {
    return JSON.stringify(this.dump()) === JSON.stringify(other.dump());
  }

  toString(): string {
    return this.columns
      .map(
        ({ name, dtype, codecs, index }) =>
          `${name} ${dtype.name}${index ? "*" : ""} | ${codecs.join(" | ")}`,
      )
      .join("\n");
  }
}

function parseColumn(name: string, type: string): Column {
  const say = (text: string) => new LakotaError("invalid-schema", `Column "${name}": ${text}`);
  if (name === "") throw say("a column needs a name.");
  // Objects move such keys before all others, or have another use for them.
  if (/^\d+$/.test(name) || name === "__proto__")
    throw say("this name cannot be used. Begin it with a letter.");
  const match = /^\s*([^\s*|]+)\s*(\*?)\s*((?:\|\s*[\w-]+\s*)*)$/.exec(type);
  if (!match) {
    throw say(
      `"${type}" is not a type. Write TYPE, then * for an index, then | CODEC, as in "float | zstd".`,
    );
  }
  const dtype = dtypeOf(name, match[1]!);
  const named = match[3]!
    .split("|")
    .map((codec) => codec.trim())
    .filter(Boolean);
  return { name, dtype, codecs: named.length > 0 ? named : defaultCodecs(dtype), index: match[2] === "*" };
}

function dtypeOf(name: string, type: string): DType {
  try {
    return parseDType(type);
  } catch (cause) {
    throw new LakotaError("invalid-schema", `Column "${name}": ${(cause as Error).message}`, { cause });
  }
}

/** Refuses pipelines that cannot be decoded again, here or by Python. */
function checked(column: Column): Column {
  const { name, dtype, codecs } = column;
  const say = (text: string) => new LakotaError("invalid-schema", `Column "${name}": ${text}`);
  codecs.forEach((codec, position) => {
    checkCodec(codec, name);
    if (VALUE_CODECS.includes(codec) && position > 0) throw say(`${codec} can only be the first codec.`);
  });
  if (!isFixed(dtype) && !VALUE_CODECS.includes(codecs[0]!)) {
    throw say(`items of type ${dtype.name} have no fixed size: begin the codecs with msgpack2 or json2.`);
  }
  if (codecs[0] === "vlen-utf8" && isFixed(dtype)) throw say("vlen-utf8 is for columns of type str or O.");
  if (VALUE_CODECS.includes(codecs[0]!) && !hasItems(dtype, codecs[0]!)) {
    throw say(`${codecs[0]} cannot hold items of type ${dtype.name}. Use blosc or zstd.`);
  }
  if (codecs.at(-1) === "shuffle") throw say("shuffle needs a compressor after it, as in shuffle | zstd.");
  if (codecs.includes("shuffle", 1)) throw say("shuffle can only be the first codec.");
  if (codecs[0] === "shuffle" && dtype.size % 4 !== 0) {
    throw say(`shuffle takes items of 4, 8, … bytes, and ${dtype.name} has ${dtype.size}.`);
  }
  return column;
}

/** Whether Python's msgpack2 and json2 have a form for single items of `dtype`. */
function hasItems(dtype: DType, codec: string): boolean {
  if (dtype.unit) return dtype.unit === "ns"; // coarser times become Python objects that neither codec knows
  return dtype.kind !== "complex" && (dtype.kind !== "bytes" || codec === "msgpack2");
}

/** @throws `unsupported-codec`, naming it and what there is. */
export function checkCodec(codec: string, column: string): void {
  if (VALUE_CODECS.includes(codec) || BYTE_CODECS.includes(codec)) return;
  const known = [...VALUE_CODECS, ...BYTE_CODECS].join(", ");
  const why = REFUSED_CODECS.includes(codec) ? "is not supported in browsers" : "is unknown";
  throw new LakotaError(
    "unsupported-codec",
    `Column "${column}": the codec ${codec} ${why}. Supported: ${known}.`,
  );
}
