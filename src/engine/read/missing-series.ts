import { FlatTable } from "../../changelog/flat-table.ts";
import type { SegmentTable } from "../../changelog/segment-table.ts";
import { describeValue } from "../../model/cast-value.ts";
import { closest } from "../../model/closest.ts";
import { LakotaError } from "../../model/errors.ts";

/** Labels among which a similar one is searched, if all are in memory. */
const MAX_COMPARED = 5_000;
/** Labels that are named if none is similar. */
const MAX_NAMED = 5;

/** A series that was read, and does not exist, or was read with a wrong option `missing`. */
export interface MissingSeries {
  readonly label: string;
  /** The label of its collection. */
  readonly collection: string;
  readonly table: SegmentTable;
  /** Whether the state is an earlier one. */
  readonly isEarlier: boolean;
  /** The option. */
  readonly missing: unknown;
  readonly signal: AbortSignal;
}

/**
 * Returns the error for reading a series that does not exist, which names similar ones; `invalid-argument` if the option
 * `missing` is neither of its values.
 */
export async function missingSeries(missing: MissingSeries): Promise<LakotaError> {
  const { label, collection, isEarlier, missing: option } = missing;
  if (option !== "error")
    return new LakotaError(
      "invalid-argument",
      `missing must be "error" or "empty", not ${describeValue(option)}.`,
    );
  const when = isEarlier ? " in the state that `before` names" : "";
  return new LakotaError(
    "not-found",
    `There is no series ${JSON.stringify(label)} in the collection ${JSON.stringify(collection)}${when}. ` +
      `${await advice(missing)} With the option missing: "empty" it is read as one without rows.`,
  );
}

async function advice({ label, table, signal }: MissingSeries): Promise<string> {
  // Of a tree, only the pages next to the label are there already.
  const isInMemory = table instanceof FlatTable;
  let labels = await table.labels(
    isInMemory ? { limit: MAX_COMPARED } : { after: label, limit: MAX_NAMED },
    signal,
  );
  if (labels.length === 0) labels = await table.labels({ limit: MAX_NAMED }, signal);
  if (labels.length === 0) return "The collection has no series.";
  const similar = closest(label, labels);
  if (similar !== undefined) return `Did you mean ${JSON.stringify(similar)}?`;
  const named = labels.slice(0, MAX_NAMED).map((each) => JSON.stringify(each));
  const isAll = isInMemory && labels.length <= MAX_NAMED;
  return `It has ${named.join(", ")}${isAll ? "" : ", …"}.`;
}
