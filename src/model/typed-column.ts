import type { ColumnData, TypedColumn } from "./column.ts";
import { Strings } from "./strings.ts";

/** Whether `column` is a typed array, not in shared memory, which can be neither transferred nor hashed. */
export function isTypedColumn(column: unknown): column is TypedColumn {
  if (!ArrayBuffer.isView(column) || column instanceof DataView) return false;
  return typeof SharedArrayBuffer === "undefined" || !(column.buffer instanceof SharedArrayBuffer);
}

/** Returns the buffers of the columns, each once: the transfer list of a message to another thread. */
export function transferables(columns: Iterable<ColumnData>): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const column of columns) {
    if (column instanceof Strings) buffers.add(column.bytes.buffer).add(column.offsets.buffer);
    else if (isTypedColumn(column)) buffers.add(column.buffer);
  }
  return [...buffers];
}
