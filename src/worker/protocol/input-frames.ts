import type { FrameInput } from "../../model/api/series.ts";
import type { TypedColumn } from "../../model/column.ts";
import { Frame } from "../../model/frame.ts";
import { Strings } from "../../model/strings.ts";
import { isTypedColumn, transferables } from "../../model/typed-column.ts";
import { unpackColumn, type WireStrings } from "./columns.ts";
import { packColumn } from "./pack-column.ts";

type InputColumn = ArrayLike<unknown> | Strings;

/** Rows to write. Columns that are not typed arrays are cloned. */
export type WireInput = Readonly<Record<string, ArrayLike<unknown> | WireStrings>>;

/**
 * Packs rows to write. Typed arrays are copied once and the copies transferred: the caller keeps its own.
 *
 * @throws TypeError for what is no frame
 */
export function packInput(frame: FrameInput): { input: WireInput; transfer: ArrayBuffer[] } {
  const columns: readonly (readonly [string, InputColumn])[] =
    frame instanceof Frame ? frame.parts().map(({ name, data }) => [name, data]) : Object.entries(frame);
  const copies = columns.map(([name, column]) => [name, copyBuffers(column)] as const);
  return {
    input: Object.fromEntries(copies.map(([name, column]) => [name, packColumn(column)])),
    transfer: transferables(copies.map(([, column]) => column).filter(hasBuffers)),
  };
}

export function unpackInput(input: WireInput): FrameInput {
  return Object.fromEntries(Object.entries(input).map(([name, column]) => [name, unpackColumn(column)]));
}

function copyBuffers(column: InputColumn): InputColumn {
  if (Object(column) !== column) throw new TypeError();
  if (column instanceof Strings) return new Strings(column.bytes.slice(), column.offsets.slice());
  return isTypedColumn(column) ? column.slice() : column;
}

const hasBuffers = (column: InputColumn): column is TypedColumn | Strings =>
  column instanceof Strings || isTypedColumn(column);
