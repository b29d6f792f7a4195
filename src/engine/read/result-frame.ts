import type { ColumnData } from "../../model/column.ts";
import type { DType } from "../../model/dtype.ts";
import { Frame } from "../../model/frame.ts";
import { toNumbers } from "../../model/numbers.ts";

/** A column of a result before it becomes part of a frame. */
export interface ResultColumn {
  readonly name: string;
  readonly dtype: DType;
  readonly data: ColumnData;
}

/**
 * Returns the frame of a result.
 *
 * @param numbers converts int64 and times to `Float64Array` (times: epoch milliseconds)
 */
export const resultFrame = (columns: readonly ResultColumn[], numbers: boolean | undefined): Frame =>
  new Frame(
    columns.map(({ name, dtype, data }) => ({
      name,
      type: dtype.name,
      data: numbers ? toNumbers(data, dtype) : data,
    })),
  );
