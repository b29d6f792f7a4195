import type { Bytes } from "../../model/bytes.ts";
import type { ColumnData } from "../../model/column.ts";
import type { Column } from "../../model/schema.ts";

/** One chunk to load. */
export interface ChunkRequest {
  digest: string;
  column: Column;
  /** The series, for messages. */
  label?: string;
  /** Number of rows that its commit states. */
  rows: number;
  /** Its encoded bytes, if the commit embeds them. */
  embedded: Bytes | undefined;
  /** Whether its digest is certain to be of what it holds. */
  exact?: boolean | undefined;
  /** Whether a chunk whose digest cannot be checked may be what was written. Default: no chunk may. */
  isPlausible?: (data: ColumnData) => boolean;
  /** Whether a chunk that cannot be verified is an error in any case: its rows are to be stored as verified ones. */
  verifiedOnly?: boolean | undefined;
  signal?: AbortSignal | undefined;
  onBytes?: (bytes: number, cached: boolean) => void;
  /** Called with the encoded bytes, if they are good and not embedded. */
  onVerified?: (bytes: Bytes) => void;
}
