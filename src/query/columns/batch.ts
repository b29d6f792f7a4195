import { type ColumnData, rowsOf } from "../../model/column.ts";
import { takeRows } from "../../model/column-rows.ts";
import { type DType, parseDType } from "../../model/dtype.ts";
import { LakotaError } from "../../model/errors.ts";
import { toVector, type Vector } from "./vector.ts";

/** Types of columns by name. */
export type Types = ReadonlyMap<string, DType>;

export interface BatchColumn {
  readonly dtype: DType;
  readonly data: ColumnData;
}

const FLOAT64 = parseDType("float64");

/** Some rows, whose columns are made ready when they are first asked for. */
export class Batch {
  readonly rows: number;
  readonly #columns: ReadonlyMap<string, BatchColumn>;
  readonly #vectors = new Map<string, Vector>();

  constructor(rows: number, columns: ReadonlyMap<string, BatchColumn>) {
    this.rows = rows;
    this.#columns = columns;
  }

  column(name: string): Vector {
    const known = this.#vectors.get(name);
    if (known) return known;
    const found = this.#columns.get(name);
    if (!found) throw new LakotaError("internal", `Column "${name}" was not read.`);
    const { dtype, data } = found;
    if (rowsOf(data, dtype) !== this.rows)
      throw new LakotaError("internal", `Column "${name}" has other rows.`);
    const vector = toVector(data, dtype);
    this.#vectors.set(name, vector);
    return vector;
  }

  /** Some of the rows. */
  take(rows: Uint32Array): Batch {
    const columns = [...this.#columns].map(([name, { dtype, data }]) => {
      return [name, { dtype, data: takeFrom(data, dtype, rows) }] as const;
    });
    return new Batch(rows.length, new Map(columns));
  }
}

/** As {@link takeRows}, also where integers or times were read as numbers. */
export const takeFrom = (data: ColumnData, dtype: DType, rows: Uint32Array): ColumnData =>
  takeRows(data, data instanceof Float64Array && dtype.kind !== "complex" ? FLOAT64 : dtype, rows);
