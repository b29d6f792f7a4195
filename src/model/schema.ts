import type { ColumnTypes, ValidTypes } from "./column-types.ts";
import { type DType, defaultCodecs, parseDType } from "./dtype.ts";
import { LakotaError, readArgument } from "./errors.ts";
import { noColumn } from "./no-column.ts";

/** One column of a schema. */
export interface Column {
  /** Its name. */
  readonly name: string;
  /** Its type, as numpy names it. */
  readonly dtype: DType;
  /** Names of its codecs, in the order in which they are applied on write. */
  readonly codecs: readonly string[];
  /** Whether it is an index column. */
  readonly index: boolean;
}

/** A schema as the registry stores it. The order of keys is the order of columns. */
export interface SchemaDump {
  /** `kv` for a key-value collection. */
  kind: string | null;
  /** By column name: the type, the names of the codecs, and whether it is an index column. */
  columns: Record<string, { dt: string; codecs: string[]; idx: boolean }>;
}

/**
 * The typed columns of a collection. Those marked `*` are the index, by which rows are sorted, in this order.
 *
 * @example
 * new Schema({ timestamp: "timestamp*", station: "str*", value: "float | zstd" })
 * Schema.kv({ label: "str*", meta: "O" }) // one row per key
 */
export class Schema<const C extends ColumnTypes = ColumnTypes> {
  /** The types that it was made from. Only for the type checker: there is no such property. */
  declare readonly types?: C;
  /** `kv` for a key-value collection, whose series have one row per key. */
  readonly kind: "kv" | null;
  /** All columns, in order. */
  readonly columns: readonly Column[];
  /** The index columns, in order. */
  readonly index: readonly Column[];

  /**
   * @param columns types by column name: `TYPE`, then `*` for an index column, then `| CODEC` any number of
   * times. Default codecs: `blosc` for items of a fixed size, else `msgpack2 | zstd`. A name of digits only
   * is refused, because objects move such keys before all others. Codecs are checked where a collection is created.
   * @param kind `kv` for one row per key: see {@link Schema.kv}
   * @throws `invalid-schema`, naming the column; `invalid-argument` for arguments of another type
   */
  constructor(columns: (C & ValidTypes<C>) | readonly Column[], kind: "kv" | null = null) {
    if (kind !== null && kind !== "kv")
      throw new LakotaError("invalid-argument", 'kind must be "kv" or null.');
    this.kind = kind;
    this.columns = readArgument('columns must be types by name, as in { time: "timestamp*" }.', () =>
      listColumns(columns),
    );
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
          `Column "${name}" of type ${dtype.name} has no order: it cannot be an index.`,
        );
      }
    }
  }

  /**
   * Returns a schema whose series have one row per key: writes merge by key, and new rows replace old ones.
   *
   * @throws as the constructor
   * @example
   * const stations = await repo.createCollection(Schema.kv({ station: "str*", height: "i4" }), "stations");
   */
  static kv<const C extends ColumnTypes>(columns: C & ValidTypes<C>): Schema<C> {
    return new Schema<C>(columns, "kv");
  }

  /**
   * Returns the schema of a registry entry. Accepts codecs that this library lacks: only reading such a
   * column fails. Columns that Python has named with digits only come first, in ascending order, as objects
   * sort such keys.
   *
   * @throws `invalid-schema` for an unknown type; `invalid-argument` for what is no dump
   * @example
   * const schema = Schema.load(JSON.parse(text));
   */
  static load(dump: SchemaDump): Schema {
    const columns = readArgument("dump must be what dump() returns.", () =>
      Object.entries(dump.columns).map(([name, column]) => {
        const { dt, codecs, idx } = column;
        if (typeof dt !== "string" || !isTexts(codecs)) throw TypeError();
        return { name, dtype: dtypeOf(name, dt), codecs, index: Boolean(idx) };
      }),
    );
    return new Schema(columns, dump.kind === "kv" ? "kv" : null);
  }

  /**
   * Returns the schema as the registry stores it: a new object.
   *
   * @example
   * const text = JSON.stringify(schema.dump());
   */
  dump(): SchemaDump {
    // Entries, because a stored name may be `__proto__`.
    const columns = this.columns.map(
      ({ name, dtype, codecs, index }): [name: string, column: SchemaDump["columns"][string]] => [
        name,
        { dt: dtype.name, codecs: [...codecs], idx: index },
      ],
    );
    return { kind: this.kind, columns: Object.fromEntries(columns) };
  }

  /**
   * Returns the column with a name.
   *
   * @throws `invalid-argument`, naming all columns
   * @example
   * schema.column("value").dtype.name; // "float64"
   */
  column(name: string): Column {
    const column = this.columns.find((c) => c.name === name);
    if (column) return column;
    throw noColumn(
      name,
      "collection",
      this.columns.map((c) => c.name),
    );
  }

  /**
   * Whether columns, their types, codecs, index marks and order, and the kind are the same.
   *
   * @throws `invalid-argument` for what is no schema
   */
  equals(other: Schema): boolean {
    return readArgument(
      "other must be a Schema.",
      () => JSON.stringify(this.dump()) === JSON.stringify(other.dump()),
    );
  }

  /** Returns one line per column: name, type, `*` for index columns, and codecs. */
  toString(): string {
    return this.columns
      .map(
        ({ name, dtype, codecs, index }) =>
          `${name} ${dtype.name}${index ? "*" : ""} | ${codecs.join(" | ")}`,
      )
      .join("\n");
  }
}

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === "string");

/** @throws TypeError for what is no list of columns, nor an object */
function listColumns(columns: Readonly<Record<string, string>> | readonly Column[]): readonly Column[] {
  if (typeof columns !== "object") throw TypeError();
  if (!Array.isArray(columns)) return Object.entries(columns).map(([name, type]) => parseColumn(name, type));
  for (const { name, dtype, codecs } of columns)
    if (typeof name !== "string" || !dtype.kind || !isTexts(codecs)) throw TypeError();
  return columns;
}

function parseColumn(name: string, type: string): Column {
  const invalid = (text: string) => new LakotaError("invalid-schema", `Column "${name}": ${text}`);
  // Objects move keys of digits before all others, and `__proto__` sets their prototype.
  if (/^(\d*|__proto__)$/.test(name)) throw invalid("this name cannot be used. Begin it with a letter.");
  const text = String(type); // also of a symbol
  const match = /^([^\s*|]+)\s*(?:(\*)\s*)?((?:\|\s*[\w-]+\s*)*)$/.exec(text.trim());
  if (!match) {
    throw invalid(
      `"${text}" is not a type. Write TYPE, then * for an index, then | CODEC, as in "float | zstd".`,
    );
  }
  const dtype = dtypeOf(name, match[1]!);
  const codecs = match[3]!.match(/[\w-]+/g) ?? defaultCodecs(dtype);
  return { name, dtype, codecs, index: match[2] !== undefined };
}

function dtypeOf(name: string, type: string): DType {
  try {
    return parseDType(type);
  } catch (cause) {
    throw new LakotaError("invalid-schema", `Column "${name}": ${(cause as Error).message}`, { cause });
  }
}
