import { type ColumnData, rowsOf } from "../../model/column.ts";
import { type DType, parseDType } from "../../model/dtype.ts";
import { LakotaError } from "../../model/errors.ts";
import { takeRows } from "../../model/take-rows.ts";
import { toVector, type Vector } from "./vector.ts";

/** Types of columns, by name. */
export type Types = ReadonlyMap<string, DType>;

export interface BatchColumn {
  readonly dtype: DType;
  readonly data: ColumnData;
}

const FLOAT64 = parseDType("float64");

/** Some rows. Their columns are converted to vectors on first use. */
export class Batch {
  readonly rows: number;
  readonly #columns: ReadonlyMap<string, BatchColumn>;
  readonly #vectors = new Map<string, Vector>();

  constructor(rows: number, columns: ReadonlyMap<string, BatchColumn>) {
    this.rows = rows;
    this.#columns = columns;
  }

  column(name: string): Vector {
    let vector = this.#vectors.get(name);
    if (!vector) {
      const { dtype, data } = this.#find(name);
      vector = toVector(data, dtype);
      this.#vectors.set(name, vector);
    }
    return vector;
  }

  /** Returns a column as it was read. */
  data(name: string): ColumnData {
    return this.#find(name).data;
  }

  /** Returns a batch of some of the rows. */
  take(rows: Uint32Array): Batch {
    const columns = [...this.#columns].map(([name, { dtype, data }]) => {
      return [name, { dtype, data: takeFrom(data, dtype, rows) }] as const;
    });
    return new Batch(rows.length, new Map(columns));
  }

  #find(name: string): BatchColumn {
    const column = this.#columns.get(name);
    if (column && rowsOf(column.data, column.dtype) === this.rows) return column;
    throw new LakotaError("internal", `Column "${name}" was not read, or does not have ${this.rows} rows.`);
  }
}

/** As {@link takeRows}, also for integers and times that were read with the option `numbers`. */
export const takeFrom = (data: ColumnData, dtype: DType, rows: Uint32Array): ColumnData =>
  takeRows(data, data instanceof Float64Array && dtype.kind !== "complex" ? FLOAT64 : dtype, rows);
