import { lazy } from "../../async/lazy.ts";
import type { ReduceOptions } from "../../model/api/read.ts";
import { parseDType } from "../../model/dtype.ts";
import type { Frame } from "../../model/frame.ts";
import type { Schema } from "../../model/schema.ts";
import { BlockPlan } from "../../query/reduce/block-plan.ts";
import { Reduction } from "../../query/reduce/reduction.ts";
import { columnTypes } from "./column-types.ts";
import { planRead } from "./plan.ts";
import type { SeriesRange } from "./read-context.ts";
import { resultFrame } from "./result-frame.ts";
import { scan } from "./scan.ts";

const blockScan = lazy(() => import("./block-scan.ts"));

/**
 * Computes expressions over the rows of a series: {@link Series.reduce}. They are checked before anything
 * is fetched.
 */
export class SeriesReduction {
  readonly #schema: Schema;
  readonly #reduction: Reduction;
  /** Undefined if all rows are needed. */
  readonly #blocks: BlockPlan | undefined;
  readonly #overviews: Promise<typeof import("./block-scan.ts") | undefined> | undefined;
  readonly #numbers: boolean;

  /** @throws `invalid-argument` for an expression or a condition that does not fit the schema */
  constructor(schema: Schema, { columns, where, numbers = false }: ReduceOptions) {
    this.#schema = schema;
    const types = columnTypes(schema);
    this.#reduction = new Reduction(columns, where, types);
    this.#blocks = BlockPlan.of(this.#reduction, types, schema.index[0]);
    // While the collection is listed. Without the code, offline for instance, rows are read.
    this.#overviews = this.#blocks && blockScan().catch(() => undefined);
    this.#numbers = numbers;
  }

  /** Reads the range once, a few segments at a time. */
  async run(input: SeriesRange): Promise<Frame> {
    const reducer = this.#reduction.start();
    const columns = [...this.#reduction.columns];
    const blocks = this.#blocks;
    const overviews = await this.#overviews;
    const isDone =
      blocks && (await overviews?.reduceBlocks({ ...input, schema: this.#schema, columns, blocks }, reducer));
    if (!isDone) {
      const plan = planRead(input.segments, this.#schema, input.range, columns);
      for await (const batch of scan(plan, input.context)) reducer.add(batch);
    }
    const results = reducer.finish().map(({ name, type, data }) => ({ name, dtype: parseDType(type), data }));
    return resultFrame(results, this.#numbers);
  }
}
