import type { DType, Kind } from "../../model/dtype.ts";
import { LakotaError } from "../../model/errors.ts";
import type { Literal } from "../../model/expression.ts";
import type { Batch } from "../columns/batch.ts";
import type { Values, Vector } from "../columns/vector.ts";

/** An expression whose types were checked, ready to run on batches of rows. */
export interface Program {
  readonly dtype: DType;
  /** The expression, for messages. */
  readonly text: string;
  /** The value of a constant; absent for computed values. */
  readonly literal?: Literal;
  /** The name of the column that this is; absent for computed values. */
  readonly column?: string;
  /** For a function of a column of times that is constant over spans of time: where the spans are. */
  readonly spans?: Spans | undefined;
  run(batch: Batch): Vector;
}

/** Spans of times of a column. */
export interface Spans {
  readonly column: string;
  /** Returns the span of a time, in epoch milliseconds; `to` is exclusive. Both are NaN beyond the calendar. */
  at(ms: number): { readonly from: number; readonly to: number };
}

/** Checks the arguments of a call and returns its program. @param text the call, for messages */
export type Operator = (args: readonly Program[], text: string) => Program;

/** Computes the values of `rows` rows from those of the arguments. */
export type Kernel = (args: readonly Vector[], rows: number) => Values;

/** Returns a program that works on whole columns. If all arguments are constants, so is the result. */
export function columnwise(dtype: DType, text: string, args: readonly Program[], kernel: Kernel): Program {
  return {
    dtype,
    text,
    run(batch) {
      const vectors = args.map((arg) => arg.run(batch));
      const constant = vectors.every((vector) => vector.constant);
      return { ...kernel(vectors, constant ? 1 : batch.rows), constant };
    },
  };
}

/** The step from row to row in a vector: 0 in a constant. */
export const stepOf = ({ constant }: Vector): 0 | 1 => (constant ? 0 : 1);

const NUMERIC: readonly Kind[] = ["float", "int", "uint", "bool"];
const TEXT: readonly Kind[] = ["str", "fixed-str", "bytes"];

export const isNumeric = ({ dtype }: Program): boolean => NUMERIC.includes(dtype.kind);
export const isInteger = ({ dtype }: Program): boolean =>
  dtype.kind !== "float" && NUMERIC.includes(dtype.kind);
export const isText = ({ dtype }: Program): boolean => TEXT.includes(dtype.kind);
export const isTime = ({ dtype }: Program): boolean => dtype.kind === "datetime";
export const isDuration = ({ dtype }: Program): boolean => dtype.kind === "timedelta";
export const isFlag = ({ dtype }: Program): boolean => dtype.kind === "bool";

/** Describes the type of an expression, for messages. */
export const describeType = ({ text, dtype }: Program): string => `${text} is ${dtype.name}`;

/** Returns an error of types or values in an expression. */
export const queryError = (text: string, problem: string, cause?: unknown): LakotaError =>
  new LakotaError("invalid-argument", `In ${text}: ${problem}`, { cause });
