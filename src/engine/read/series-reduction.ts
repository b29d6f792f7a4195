import type { ReduceOptions } from "../../model/api/read.ts";
import { parseDType } from "../../model/dtype.ts";
import type { Frame } from "../../model/frame.ts";
import type { Schema } from "../../model/schema.ts";
import { Reduction } from "../../query/reduce/reduction.ts";
import { columnTypes } from "./column-types.ts";
import { planRead } from "./plan.ts";
import type { SeriesRange } from "./read-context.ts";
import { resultFrame } from "./result-frame.ts";
import { scan } from "./scan.ts";

/**
 * Computes expressions over the rows of a series: {@link Series.reduce}. They are checked before anything
 * is fetched.
 */
export class SeriesReduction {
  readonly #schema: Schema;
  readonly #reduction: Reduction;
  readonly #numbers: boolean;

  /** @throws `invalid-argument` for an expression or a condition that does not fit the schema */
  constructor(schema: Schema, { columns, where, numbers = false }: ReduceOptions) {
    this.#schema = schema;
    this.#reduction = new Reduction(columns, where, columnTypes(schema));
    this.#numbers = numbers;
  }

  /** Reads the range once, a few segments at a time. */
  async run({ segments, range, context }: SeriesRange): Promise<Frame> {
    const reducer = this.#reduction.start();
    const plan = planRead(segments, this.#schema, range, [...this.#reduction.columns]);
    for await (const batch of scan(plan, context)) reducer.add(batch);
    const columns = reducer.finish().map(({ name, type, data }) => ({ name, dtype: parseDType(type), data }));
    return resultFrame(columns, this.#numbers);
  }
}
