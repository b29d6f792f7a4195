import type { DType, Kind } from "../../model/dtype.ts";
import { LakotaError } from "../../model/errors.ts";
import type { Literal } from "../../model/expression.ts";
import type { Batch } from "../columns/batch.ts";
import type { Values, Vector } from "../columns/vector.ts";

/** An expression whose types were checked: it only needs rows. */
export interface Program {
  readonly dtype: DType;
  /** The expression, for messages. */
  readonly text: string;
  /** Its value, where it is a constant that was written down. */
  readonly literal?: Literal;
  run(batch: Batch): Vector;
}

/** Makes the program of a call. @param text the call, for messages */
export type Operator = (args: readonly Program[], text: string) => Program;

/** Values of so many rows from those of the arguments. */
export type Kernel = (args: readonly Vector[], rows: number) => Values;

/** A program that works on whole columns. Of constants alone it makes a constant. */
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

/** How far to go in a vector from row to row: nowhere in a constant. */
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

/** Of which type something is, for messages. */
export const describeType = ({ text, dtype }: Program): string => `${text} is ${dtype.name}`;

/** An error of types or values in an expression. */
export const queryError = (text: string, what: string, cause?: unknown): LakotaError =>
  new LakotaError("invalid-argument", `In ${text}: ${what}`, { cause });
