import type { ColumnData, NamedColumn } from "./column.ts";
import { type DType, lanes, parseDType, type TimeUnit } from "./dtype.ts";
import { LakotaError } from "./errors.ts";
import { Strings } from "./strings.ts";
import { hasClock, isoText, NAT, splitCount } from "./time-units.ts";

/** A row as a plain object: values by column name. */
export type Row = Record<string, unknown>;

/** Returns the value of a row. */
type Getter = (row: number) => unknown;

/**
 * The rows of a frame, as objects that are made on demand. The builds of the workers leave this class out (vite.config.ts):
 * they only send frames.
 */
export abstract class FrameRows {
  abstract readonly length: number;
  abstract parts(): NamedColumn[];

  /**
   * Returns a row, counted from the end if `index` is negative, as `Array.at` does; undefined if there is none. It has
   * the values of {@link Frame.get}; of a complex number, a list of its two parts.
   *
   * @throws `invalid-argument` for what is no number
   * @example
   * frame.row(-1)?.value; // of the last row
   */
  row(index: number): Row | undefined {
    const row = positionOf(index, this.length);
    const [found] = row < 0 ? [] : this.slice(row, row + 1);
    return found;
  }

  /**
   * Iterates over the rows, each as {@link row} returns it. For many rows, loops over the columns are faster.
   *
   * @example
   * for (const { timestamp, value } of frame) console.log(timestamp, value);
   */
  [Symbol.iterator](): IterableIterator<Row> {
    return rowsOf(this, valueGetter);
  }

  /** Returns all rows, each as {@link row} returns it. */
  toArray(): Row[] {
    return [...this];
  }

  /**
   * Returns the rows from `start` (included) to `end` (excluded) as a frame. Negative numbers count from the end, and both
   * are limited to the rows that there are, as by `TypedArray.subarray`. Columns are not copied: typed arrays are views of the same
   * memory. Lists of objects are copied, but not the objects.
   *
   * @throws `invalid-argument` for what is no number
   */
  slice(start = 0, end: number = this.length): this {
    const limited = (at: number) => Math.max(0, Math.min(this.length, positionOf(at, this.length)));
    const from = limited(start);
    const to = Math.max(from, limited(end));
    const parts = this.parts().map(({ name, type, data }) => {
      const n = lanes(parseDType(type));
      return {
        name,
        type,
        data: Array.isArray(data) ? data.slice(from, to) : data.subarray(from * n, to * n),
      };
    });
    return new (this.constructor as new (columns: readonly NamedColumn[]) => this)(parts);
  }

  /**
   * Returns the rows as `JSON.stringify` can write them; it calls this method. Times are ISO 8601 text in UTC with the
   * digits of the column's unit (`2026-03-01`, `2026-03-01T12:30:00Z`, of a frame that was read with `numbers` at most
   * milliseconds), or if that cannot represent them, the text of their count. 64-bit integers and durations are
   * numbers, or text beyond 2^53. NaT is null; JSON also makes null of NaN and infinite numbers. Booleans are true or false.
   */
  toJSON(): Row[] {
    return [...rowsOf(this, plainGetter)];
  }
}

/** Returns a number of a row, counted from the end if it is negative, as a whole number. It may be out of range. */
function positionOf(at: number, rows: number): number {
  if (typeof at !== "number") throw new LakotaError("invalid-argument", "A row must be named by a number.");
  const whole = Math.trunc(at) || 0; // of NaN
  return whole < 0 ? whole + rows : whole;
}

/** Yields the objects of the rows. */
function* rowsOf(
  frame: FrameRows,
  getterOf: (data: ColumnData, dtype: DType) => Getter,
): Generator<Row, undefined> {
  const columns = frame
    .parts()
    .map(({ name, type, data }) => [name, getterOf(data, parseDType(type))] as const);
  for (let row = 0; row < frame.length; row++)
    yield Object.fromEntries(columns.map(([name, get]) => [name, get(row)]));
  return undefined;
}

/** The values as `Frame.get` returns them. */
function valueGetter(data: ColumnData, dtype: DType): Getter {
  if (data instanceof Strings) return (row) => data.at(row);
  if (lanes(dtype) === 1) return (row) => data[row];
  return (row) => [data[2 * row], data[2 * row + 1]];
}

/** The values as JSON has them. */
function plainGetter(data: ColumnData, dtype: DType): Getter {
  const get = valueGetter(data, dtype);
  const { kind, unit } = dtype;
  return (row) => {
    const value = get(row);
    if (kind === "bool") return value === 1;
    // Objects may hold bigints.
    if (kind === "object")
      return JSON.parse(JSON.stringify(value, (_, item) => plainInteger(item)) ?? "null");
    if (unit && (value === NAT || Number.isNaN(value))) return null;
    return unit && kind === "datetime" ? timeText(value as bigint | number, unit) : plainInteger(value);
  };
}

function plainInteger(value: unknown): unknown {
  if (typeof value !== "bigint") return value;
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
}

function timeText(time: bigint | number, unit: TimeUnit): string {
  const [ms, digits] = typeof time === "bigint" ? splitCount(time, unit) : [Math.floor(time), ""];
  const text = isoText(ms, unit, digits);
  return text === undefined ? String(time) : text + (hasClock(unit) ? "Z" : "");
}
