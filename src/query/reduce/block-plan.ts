import type { DType } from "../../model/dtype.ts";
import { msPerUnit } from "../../model/time-units.ts";
import type { Summary } from "../downsample/summary.ts";
import type { Spans } from "../operators/program.ts";
import type { Reduction } from "./reduction.ts";

/** A column by which rows are sorted. */
interface Axis {
  readonly name: string;
  readonly dtype: DType;
}

/** Which blocks of rows a reduction can use instead of the rows, with the same result to the last bit. */
export class BlockPlan {
  /** Names of the columns whose summaries are needed. */
  readonly columns: readonly string[];
  readonly #spans: readonly Spans[];
  /** Whether positions in summaries are those of the rows, and not rounded. */
  readonly #isExact: boolean;
  readonly #integers: readonly string[];

  private constructor(columns: readonly string[], spans: readonly Spans[], isExact: boolean, types: Types) {
    this.columns = columns;
    this.#spans = spans;
    this.#isExact = isExact;
    this.#integers = columns.filter((name) => ["int", "uint"].includes(types.get(name)!.kind));
  }

  /**
   * Returns the plan of a reduction. Undefined if it needs all rows: it has a condition or no aggregates, an aggregate or
   * a key that blocks do not give, or a key that is not of the first index column.
   *
   * @param x the first index column
   */
  static of(
    { where, aggregations, results }: Reduction,
    types: Types,
    x: Axis | undefined,
  ): BlockPlan | undefined {
    if (!x || where || aggregations.length === 0 || !aggregations.every(({ ofBlocks }) => ofBlocks))
      return undefined;
    const keys = results.filter(({ key }) => key).map(({ program }) => program);
    const spans = keys.flatMap((key) => (key.spans?.column === x.name ? [key.spans] : []));
    if (spans.length < keys.length) return undefined;
    const columns = new Set(aggregations.flatMap(({ of }) => of.column ?? []));
    // The summaries of the axis itself are those of no column.
    if (columns.has(x.name)) return undefined;
    const { unit } = x.dtype;
    return new BlockPlan([...columns], spans, !unit || (msPerUnit(unit) ?? 1) >= 1, types);
  }

  /** Whether all rows of a block are in one group, and its numbers are exact. */
  takes(summaries: ReadonlyMap<string, Summary>, block: number): boolean {
    const [first] = summaries.values();
    const [low, high] = [first!.fromX[block]!, first!.toX[block]!];
    const isWithin = this.#spans.every((spans) => {
      const { from, to } = spans.at(low);
      return high < to && (this.#isExact ? from <= low : from < low);
    });
    return isWithin && this.#integers.every((name) => isExact(summaries.get(name)!, block));
  }
}

type Types = ReadonlyMap<string, DType>;

/** Whether float64 holds all integers of a block, and all their sums. */
const isExact = ({ low, high, count }: Summary, block: number): boolean =>
  count[block]! * Math.max(-low[block]!, high[block]!) <= Number.MAX_SAFE_INTEGER;
