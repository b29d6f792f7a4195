import { formatQuantity } from "../page/format.ts";
import type { DetailedRevision } from "../state/page-state.ts";

/** The time of a revision in UTC: `2020-04-06 10:05`. */
export const formatRevisionTime = ({ time }: Pick<DetailedRevision, "time">): string =>
  time.toISOString().slice(0, 16).replace("T", " ");

export const formatNote = ({ note }: Pick<DetailedRevision, "note">): string =>
  [note?.author, note?.message].filter(Boolean).join(": ");

/** Rows that a revision wrote; empty where that is not known, or where it wrote none. */
export const formatRowsWritten = ({ rows }: Pick<DetailedRevision, "rows">): string =>
  rows ? formatQuantity(rows, "row") : "";
