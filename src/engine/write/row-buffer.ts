import type { ColumnData } from "../../model/column.ts";
import type { Interval } from "../../model/key.ts";
import { Strings } from "../../model/strings.ts";
import type { StoredSegments } from "./chunk-writer.ts";
import type { Rows } from "./rows.ts";
import type { WriteContext } from "./write-context.ts";

/** Bytes of rows that a batch keeps in memory as they are. */
export const HELD_BYTES = 32 << 20;
/** What a column in memory takes besides its items, and an item of unknown size, about. */
const COLUMN_BYTES = 256;
const ITEM_BYTES = 64;

/** Rows whose chunks are made already. Of those that are too short for a file, the bytes are kept. */
export interface PackedRows {
  readonly length: number;
  readonly stored: StoredSegments;
}

/** Rows of a batch that wait for its commit. */
export type HeldRows = Rows | PackedRows;

export const isPackedRows = (rows: HeldRows): rows is PackedRows => "stored" in rows;

/**
 * Keeps the rows of a batch until its commit. Those of a short batch stay as they are, since the commit may join them with
 * others; of a long one, the rest is encoded at once, so that memory does not grow with the number of rows.
 */
export class RowBuffer {
  readonly #context: Pick<WriteContext, "schema" | "writer">;
  #free: number;

  /** @param bytes of rows that stay as they are */
  constructor(context: Pick<WriteContext, "schema" | "writer">, bytes: number) {
    this.#context = context;
    this.#free = bytes;
  }

  /** Takes rows, which must not change afterwards. */
  async hold(label: string, rows: Rows, range: Interval, signal: AbortSignal | undefined): Promise<HeldRows> {
    const bytes = sizeOf(rows);
    if (rows.length === 0 || bytes <= this.#free) {
      this.#free -= bytes;
      return rows;
    }
    const { schema, writer } = this.#context;
    return { length: rows.length, stored: await writer.store(schema, label, rows, range, signal) };
  }
}

const sizeOf = ({ columns }: Rows): number =>
  columns.reduce((sum, column) => sum + COLUMN_BYTES + columnBytes(column), 0);

function columnBytes(column: ColumnData): number {
  if (column instanceof Strings) return column.bytes.length + column.offsets.byteLength;
  return ArrayBuffer.isView(column) ? column.byteLength : ITEM_BYTES * column.length;
}
