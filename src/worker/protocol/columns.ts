import type { TypedColumn } from "../../model/column.ts";
import { Strings } from "../../model/strings.ts";

/** A {@link Strings} as it is sent: structured cloning would drop its prototype. */
export interface WireStrings {
  bytes: Uint8Array<ArrayBuffer>;
  offsets: Uint32Array<ArrayBuffer>;
}

export type WireColumn = TypedColumn | unknown[] | WireStrings;

export function unpackColumn<Column extends object>(column: Column | WireStrings): Column | Strings {
  return "offsets" in column ? new Strings(column.bytes, column.offsets) : column;
}
