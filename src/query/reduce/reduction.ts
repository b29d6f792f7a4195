import type { ColumnData } from "../../model/column.ts";
import { concatRows } from "../../model/column-rows.ts";
import type { DType } from "../../model/dtype.ts";
import { LakotaError } from "../../model/errors.ts";
import type { AggregateNode, Expression } from "../../model/expression.ts";
import type { NamedColumn } from "../../model/frame.ts";
import { Batch, type BatchColumn, type Types, takeFrom } from "../columns/batch.ts";
import { type Floats, toColumn } from "../columns/vector.ts";
import { compile, compileCondition, rowScope, type Scope } from "../compile.ts";
import type { Summary } from "../downsample/summary.ts";
import { coerceColumn, coerceCondition } from "../expression/coerce.ts";
import { formatInfix } from "../expression/infix/format.ts";
import { rowsWhere } from "../mask.ts";
import { describeType, type Program, queryError } from "../operators/program.ts";
import { compileAggregate } from "./aggregates.ts";
import type { Aggregation } from "./aggregator.ts";
import { Groups } from "./groups.ts";

/** A column of the result: a key or a value of each group; without groups, a value of each row. */
interface ResultColumn {
  readonly name: string;
  readonly program: Program;
  readonly key: boolean;
}

/** The columns and the condition of a reduce, with checked types. */
export class Reduction {
  /** Columns to read. */
  readonly columns: ReadonlySet<string>;
  readonly where: Program | undefined;
  readonly results: readonly ResultColumn[];
  readonly aggregations: readonly Aggregation[];

  /**
   * @param columns expressions by name, as trees or text
   * @param where a condition as a tree or text; undefined for none
   * @throws `invalid-argument`
   */
  constructor(columns: Readonly<Record<string, unknown>>, where: unknown, types: Types) {
    const used = new Set<string>();
    const aggregations: Aggregation[] = [];
    if (typeof columns !== "object" || columns === null || Object.keys(columns).length === 0)
      throw new LakotaError(
        "invalid-argument",
        'Name the columns of the result, as in { top: "max(value)" }.',
      );
    const named = Object.entries(columns).map(([name, expression]) =>
      withName(name, coerceColumn(expression, types)),
    );
    const names = named.map(([name]) => name);
    const duplicate = names.find((name, i) => names.indexOf(name) < i);
    if (duplicate !== undefined)
      throw new LakotaError("invalid-argument", `Two columns are named "${duplicate}".`);
    const grouped = named.some(([, node]) => hasAggregate(node));
    this.results = named.map(([name, node]) => {
      const key = grouped && !hasAggregate(node);
      const text = formatInfix(node);
      const program = compile(
        node,
        hasAggregate(node) ? groupScope(types, used, aggregations) : rowScope(types, used, text),
      );
      if (key) checkKey(program);
      return { name, program, key };
    });
    this.where = where === undefined ? undefined : compileCondition(coerceCondition(where), types, used);
    this.aggregations = aggregations;
    this.columns = used;
  }

  /** Returns a reducer without rows. */
  start(): Reducer {
    return this.aggregations.length > 0 ? new GroupReducer(this) : new RowReducer(this);
  }
}

/** Accumulates batches in the order of the rows. */
export interface Reducer {
  add(batch: Batch): void;
  /**
   * Adds blocks of rows, all of which a {@link BlockPlan} takes.
   *
   * @param x the positions of their first rows: numbers, or epoch milliseconds
   * @param summaries by column
   */
  addBlocks?(x: NamedNumbers, rows: Floats, summaries: ReadonlyMap<string, Summary>): void;
  finish(): NamedColumn[];
}

/** Numbers of the rows of a column. */
interface NamedNumbers {
  readonly name: string;
  readonly dtype: DType;
  readonly data: Floats;
}

function withName(name: string, node: Expression): [string, Exclude<Expression, { op: "as" }>] {
  return node.op === "as" ? [node.name, node.of] : [name, node];
}

const hasAggregate = (node: Expression): boolean =>
  node.op === "aggregate" || (node.op === "call" && node.args.some(hasAggregate));

function checkKey(program: Program): void {
  const { kind } = program.dtype;
  if (kind === "object" || kind === "complex")
    throw queryError(program.text, `groups need keys of numbers, times or text; ${describeType(program)}.`);
}

/** The column of an aggregate in the batch of groups. */
const slot = (i: number): string => `aggregate ${i}`;

const groupScope = (types: Types, used: Set<string>, aggregations: Aggregation[]): Scope => ({
  column(_, text) {
    throw queryError(
      text,
      "a column beside an aggregate has to be in an aggregate too, as in max(x) - min(x).",
    );
  },
  aggregate(node: AggregateNode, text) {
    const aggregation = compileAggregate(node, text, types, used);
    const name = slot(aggregations.push(aggregation) - 1);
    return { dtype: aggregation.dtype, text, run: (batch) => batch.column(name) };
  },
});

/** Returns the rows that satisfy a condition, if there is one. */
function filterBatch(batch: Batch, where: Program | undefined): Batch {
  const rows = where && rowsWhere(batch, where);
  return rows && rows.length < batch.rows ? batch.take(rows) : batch;
}

/** With aggregates. Memory grows with the number of groups, not of rows. */
class GroupReducer implements Reducer {
  readonly #reduction: Reduction;
  readonly #keys: readonly ResultColumn[];
  readonly #groups: Groups;
  readonly #aggregators;

  constructor(reduction: Reduction) {
    this.#reduction = reduction;
    this.#keys = reduction.results.filter(({ key }) => key);
    this.#groups = new Groups(this.#keys.map(({ program }) => program.dtype));
    this.#aggregators = reduction.aggregations.map((aggregation) => aggregation.start());
  }

  add(all: Batch): void {
    const batch = filterBatch(all, this.#reduction.where);
    const grouped = this.#groups.add(
      this.#keys.map(({ program }) => program.run(batch)),
      batch.rows,
    );
    for (const [i, { of }] of this.#reduction.aggregations.entries())
      this.#aggregators[i]!.add(of.run(batch), grouped);
  }

  addBlocks(
    { name, dtype, data }: NamedNumbers,
    rows: Floats,
    summaries: ReadonlyMap<string, Summary>,
  ): void {
    const batch = new Batch(rows.length, new Map([[name, { dtype, data }]]));
    const grouped = this.#groups.add(
      this.#keys.map(({ program }) => program.run(batch)),
      batch.rows,
    );
    const [any] = summaries.values();
    for (const [i, { of }] of this.#reduction.aggregations.entries())
      this.#aggregators[i]!.addBlocks?.({ rows, summary: summaries.get(of.column ?? "") ?? any! }, grouped);
  }

  finish(): NamedColumn[] {
    const { count } = this.#groups;
    const { order, columns } = this.#groups.finish();
    const slots = this.#reduction.aggregations.map(({ dtype }, i): [string, BatchColumn] => {
      const data = takeFrom(this.#aggregators[i]!.finish(count), dtype, order);
      return [slot(i), { dtype, data }];
    });
    const batch = new Batch(count, new Map(slots));
    let key = 0;
    return this.#reduction.results.map(({ name, program, key: isKey }) => {
      const { dtype } = program;
      return column(name, dtype, isKey ? columns[key++]! : toColumn(program.run(batch), dtype, count));
    });
  }
}

/** Without aggregates: values of each row. */
class RowReducer implements Reducer {
  readonly #reduction: Reduction;
  readonly #parts: ColumnData[][] = [];

  constructor(reduction: Reduction) {
    this.#reduction = reduction;
  }

  add(all: Batch): void {
    const batch = filterBatch(all, this.#reduction.where);
    const { results } = this.#reduction;
    this.#parts.push(results.map(({ program: { run, dtype } }) => toColumn(run(batch), dtype, batch.rows)));
  }

  finish(): NamedColumn[] {
    return this.#reduction.results.map(({ name, program: { dtype } }, i) => {
      return column(
        name,
        dtype,
        concatRows(
          this.#parts.map((part) => part[i]!),
          dtype,
        ),
      );
    });
  }
}

const column = (name: string, { name: type }: DType, data: ColumnData): NamedColumn => ({ name, type, data });
