import type { PageOptions, ReadOptions } from "../../model/api/read.ts";
import type { ColumnData } from "../../model/column.ts";
import { concatRows } from "../../model/column-rows.ts";
import type { Frame } from "../../model/frame.ts";
import type { Column, Schema } from "../../model/schema.ts";
import { takeRows } from "../../model/take-rows.ts";
import type { Batch } from "../../query/columns/batch.ts";
import { compileCondition } from "../../query/compile.ts";
import { coerceCondition } from "../../query/expression/coerce.ts";
import { rowsWhere } from "../../query/mask.ts";
import type { Program } from "../../query/operators/program.ts";
import { columnTypes } from "./column-types.ts";
import { planRead, type ReadPlan, type Take } from "./plan.ts";
import type { SeriesRange } from "./read-context.ts";
import { resultFrame } from "./result-frame.ts";
import { scan } from "./scan.ts";

/**
 * Reads the rows for which the option `where` is true. The condition is checked before anything is fetched.
 */
export class FilteredRead {
  readonly #schema: Schema;
  readonly #columns: readonly Column[];
  /** Names of the columns of the result and of the condition. */
  readonly #fetched: readonly string[];
  readonly #where: Program;
  readonly #numbers: boolean;

  /** @throws `invalid-argument` for a column that the schema does not have, or a condition that is not one */
  constructor(schema: Schema, { where, columns, numbers = false }: ReadOptions | PageOptions) {
    const used = new Set<string>();
    this.#where = compileCondition(coerceCondition(where), columnTypes(schema), used);
    for (const name of columns ?? []) schema.column(name);
    this.#schema = schema;
    this.#columns = schema.columns.filter(({ name }) => !columns || columns.includes(name));
    this.#fetched = [...used, ...this.#columns.map(({ name }) => name)];
    this.#numbers = numbers;
  }

  /** Returns the first or the last rows that pass. Stops reading once it has enough. */
  async take(input: SeriesRange, { fromEnd, offset, rows }: Take): Promise<Frame> {
    const passed = new RowCollector(this.#columns);
    if (rows === 0) return passed.frame(this.#numbers);
    let skip = offset;
    for await (const batch of scan(this.#plan(input), input.context, {
      fromEnd,
      rampUp: Number.isFinite(rows),
    })) {
      const passing = rowsWhere(batch, this.#where);
      // From the end, the rows to skip are the last ones of a batch.
      const kept = fromEnd ? passing.subarray(0, Math.max(0, passing.length - skip)) : passing.subarray(skip);
      skip -= passing.length - kept.length;
      const missing = rows - passed.rows;
      if (fromEnd) passed.addBefore(batch, kept.subarray(Math.max(0, kept.length - missing)));
      else passed.add(batch, kept.subarray(0, missing));
      if (passed.rows === rows) break;
    }
    return passed.frame(this.#numbers);
  }

  /** Yields the rows that pass in frames of `pageLength` rows; the last frame may be shorter. */
  async *pages(input: SeriesRange, pageLength: number): AsyncIterableIterator<Frame> {
    let page = new RowCollector(this.#columns);
    for await (const batch of scan(this.#plan(input), input.context, { rampUp: true })) {
      const passing = rowsWhere(batch, this.#where);
      for (let from = 0; from < passing.length; ) {
        const to = from + pageLength - page.rows;
        page.add(batch, passing.subarray(from, to));
        from = to;
        if (page.rows < pageLength) break;
        yield page.frame(this.#numbers);
        page = new RowCollector(this.#columns);
      }
    }
    if (page.rows > 0) yield page.frame(this.#numbers);
  }

  #plan({ segments, range }: SeriesRange): ReadPlan {
    return planRead(segments, this.#schema, range, this.#fetched);
  }
}

/** Collects rows of batches into one frame. */
class RowCollector {
  readonly #columns: readonly Column[];
  readonly #parts: ColumnData[][] = [];
  rows = 0;

  constructor(columns: readonly Column[]) {
    this.#columns = columns;
  }

  add(batch: Batch, rows: Uint32Array): void {
    if (rows.length > 0) this.#parts.push(this.#take(batch, rows));
  }

  addBefore(batch: Batch, rows: Uint32Array): void {
    if (rows.length > 0) this.#parts.unshift(this.#take(batch, rows));
  }

  frame(numbers: boolean): Frame {
    const columns = this.#columns.map(({ name, dtype }, i) => {
      const parts = this.#parts.map((part) => part[i]!);
      return { name, dtype, data: concatRows(parts, dtype) };
    });
    return resultFrame(columns, numbers);
  }

  #take(batch: Batch, rows: Uint32Array): ColumnData[] {
    this.rows += rows.length;
    return this.#columns.map(({ name, dtype }) => takeRows(batch.data(name), dtype, rows));
  }
}
