import type { Segment } from "../../changelog/segment-table.ts";
import type { PageOptions, ReadOptions, ReduceOptions } from "../../model/api.ts";
import type { ColumnData } from "../../model/column.ts";
import { concatRows } from "../../model/column-rows.ts";
import { type DType, parseDType } from "../../model/dtype.ts";
import { Frame, type NamedColumn } from "../../model/frame.ts";
import type { Interval } from "../../model/key.ts";
import { toNumbers } from "../../model/numbers.ts";
import type { Column, Schema } from "../../model/schema.ts";
import { takeRows } from "../../model/take-rows.ts";
import type { Batch } from "../../query/columns/batch.ts";
import { compileCondition } from "../../query/compile.ts";
import { coerceCondition } from "../../query/expression/coerce.ts";
import { rowsWhere } from "../../query/mask.ts";
import type { Program } from "../../query/operators/program.ts";
import { Reduction } from "../../query/reduce/reduction.ts";
import { planRead, type ReadPlan, type Take } from "./plan.ts";
import type { ReadContext } from "./read.ts";
import { scan } from "./scan.ts";

/** The rows that a query goes over. */
export interface Subject {
  segments: readonly Segment[];
  range: Interval;
  context: ReadContext;
}

const typesOf = ({ columns }: Schema): Map<string, DType> =>
  new Map(columns.map(({ name, dtype }) => [name, dtype]));

/** A reading of the rows of which a condition is true. Made, and its condition checked, before anything is fetched. */
export class FilteredRead {
  readonly #schema: Schema;
  readonly #columns: readonly Column[];
  readonly #fetched: readonly string[];
  readonly #where: Program;
  readonly #numbers: boolean;

  /** @throws `invalid-argument` */
  constructor(schema: Schema, { where, columns, numbers = false }: ReadOptions | PageOptions) {
    const used = new Set<string>();
    this.#where = compileCondition(coerceCondition(where), typesOf(schema), used);
    for (const name of columns ?? []) schema.column(name);
    const wanted = schema.columns.filter(({ name }) => !columns || columns.includes(name));
    this.#schema = schema;
    this.#columns = wanted;
    this.#fetched = [...used, ...wanted.map(({ name }) => name)];
    this.#numbers = numbers;
  }

  async take(subject: Subject, { fromEnd, offset, rows }: Take): Promise<Frame> {
    const found = new Found(this.#columns);
    if (rows === 0) return found.frame(this.#numbers);
    const hesitant = Number.isFinite(rows);
    let skip = offset;
    for await (const batch of scan(this.#plan(subject), subject.context, { fromEnd, rampUp: hesitant })) {
      const which = rowsWhere(batch, this.#where);
      const wanted = which.subarray(skip);
      skip -= which.length - wanted.length;
      const missing = rows - found.rows;
      if (fromEnd) found.addBefore(batch, wanted.subarray(Math.max(0, wanted.length - missing)));
      else found.add(batch, wanted.subarray(0, missing));
      if (found.rows === rows) break;
    }
    return found.frame(this.#numbers);
  }

  async *pages(subject: Subject, pageLength: number): AsyncIterableIterator<Frame> {
    let found = new Found(this.#columns);
    for await (const batch of scan(this.#plan(subject), subject.context, { rampUp: true })) {
      const which = rowsWhere(batch, this.#where);
      for (let from = 0; from < which.length; ) {
        const to = from + pageLength - found.rows;
        found.add(batch, which.subarray(from, to));
        from = to;
        if (found.rows < pageLength) break;
        yield found.frame(this.#numbers);
        found = new Found(this.#columns);
      }
    }
    if (found.rows > 0) yield found.frame(this.#numbers);
  }

  #plan({ segments, range }: Subject): ReadPlan {
    return planRead(segments, this.#schema, range, this.#fetched);
  }
}

/** Rows gathered from batches. */
class Found {
  readonly #columns: readonly Column[];
  readonly #parts: ColumnData[][] = [];
  rows = 0;

  constructor(columns: readonly Column[]) {
    this.#columns = columns;
  }

  add(batch: Batch, which: Uint32Array): void {
    if (which.length > 0) this.#parts.push(this.#pick(batch, which));
  }

  addBefore(batch: Batch, which: Uint32Array): void {
    if (which.length > 0) this.#parts.unshift(this.#pick(batch, which));
  }

  frame(numbers: boolean): Frame {
    const columns = this.#columns.map(({ name, dtype }, i): NamedColumn => {
      const data = concatRows(
        this.#parts.map((part) => part[i]!),
        dtype,
      );
      return { name, type: dtype.name, data };
    });
    return frameOf(columns, numbers);
  }

  #pick(batch: Batch, which: Uint32Array): ColumnData[] {
    this.rows += which.length;
    return this.#columns.map(({ name, dtype }) => takeRows(batch.data(name), dtype, which));
  }
}

/** Expressions over the rows of a series: see {@link Series.reduce}. Checked before anything is fetched. */
export class SeriesReduction {
  readonly #schema: Schema;
  readonly #reduction: Reduction;
  readonly #numbers: boolean;

  /** @throws `invalid-argument` */
  constructor(schema: Schema, { columns, where, numbers = false }: ReduceOptions) {
    this.#schema = schema;
    this.#reduction = new Reduction(columns, where, typesOf(schema));
    this.#numbers = numbers;
  }

  async over({ segments, range, context }: Subject): Promise<Frame> {
    const reducer = this.#reduction.start();
    const plan = planRead(segments, this.#schema, range, [...this.#reduction.columns]);
    for await (const batch of scan(plan, context)) reducer.add(batch);
    return frameOf(reducer.finish(), this.#numbers);
  }
}

/** A frame whose columns nobody else has. */
function frameOf(columns: readonly NamedColumn[], numbers: boolean): Frame {
  if (!numbers) return new Frame(columns);
  return new Frame(
    columns.map(({ name, type, data }) => ({ name, type, data: toNumbers(data, parseDType(type)) })),
  );
}
