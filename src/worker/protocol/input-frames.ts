import type { FrameInput } from "../../model/api.ts";
import { isTypedColumn, type TypedColumn, transferables } from "../../model/column.ts";
import { Frame } from "../../model/frame.ts";
import { Strings } from "../../model/strings.ts";
import type { Packed, WireInput, WireStrings } from "./frames.ts";

/** For the page. The arrays are copied, once, and the copies handed over: the caller keeps the own ones. */
export function packInput(frame: FrameInput): Packed<WireInput> {
  const columns: readonly (readonly [string, ArrayLike<unknown> | Strings])[] =
    frame instanceof Frame ? frame.parts().map(({ name, data }) => [name, data]) : Object.entries(frame);
  const copies = columns.map(([name, column]) => [name, copyNumbers(column)] as const);
  return {
    data: Object.fromEntries(copies.map(([name, column]) => [name, packColumn(column)])),
    transfer: transferables(copies.map(([, column]) => column).filter(hasBuffers)),
  };
}

/** Text in its two arrays, all else as it is. */
export function packColumn<T>(column: T | Strings): T | WireStrings {
  return column instanceof Strings ? { bytes: column.bytes, offsets: column.offsets } : column;
}

/** A view would take all of its buffer along. */
function copyNumbers(column: ArrayLike<unknown> | Strings): ArrayLike<unknown> | Strings {
  if (column instanceof Strings) return new Strings(column.bytes.slice(), column.offsets.slice());
  return isTypedColumn(column) ? column.slice() : column;
}

const hasBuffers = (column: ArrayLike<unknown> | Strings): column is TypedColumn | Strings =>
  column instanceof Strings || isTypedColumn(column);
