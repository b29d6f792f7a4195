import { Strings } from "../../model/strings.ts";
import type { WireStrings } from "./columns.ts";

/** Replaces {@link Strings} by its two arrays. Everything else is sent as it is. */
export function packColumn<Column>(column: Column | Strings): Column | WireStrings {
  return column instanceof Strings ? { bytes: column.bytes, offsets: column.offsets } : column;
}
