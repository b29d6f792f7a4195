import type { Commit } from "../../../changelog/commit.ts";
import { segmentsOf } from "../../../changelog/segment-table.ts";
import type { Bytes } from "../../../model/bytes.ts";
import { type Column, checkCodec, type Schema } from "../../../model/schema.ts";
import { blockIndexName, hasBlockIndex } from "../block-index.ts";
import { isNumeric, valueColumns } from "../chart-columns.ts";
import { type Group, type Groups, groupsOf } from "../groups.ts";
import { overviewName } from "../overview.ts";

/** One series in one state of its collection. */
export interface SummarisedSeries {
  readonly label: string;
  readonly schema: Schema;
  /** Chunks embedded in the commit, by digest. */
  readonly embedded: ReadonlyMap<string, Bytes>;
  readonly groups: Groups;
}

/** A file that a series should have. */
export interface OverviewFile {
  readonly name: string;
  readonly group: Group;
  /** The column that it summarises; undefined for a block index. */
  readonly y: Column | undefined;
}

/** A file that summarises a column. */
export interface SummaryFile extends OverviewFile {
  readonly y: Column;
}

export const isSummary = <T extends OverviewFile>(file: T): file is T & SummaryFile => file.y !== undefined;

/** Returns a series with the groups of its segments. Undefined if it has none, or no chart can show it. */
export function summarisedSeries(
  label: string,
  schema: Schema,
  { table, embedded }: Commit,
): SummarisedSeries | undefined {
  const [x] = schema.index;
  if (!x || !isNumeric(x) || !schema.index.every(isReadable)) return undefined;
  const groups = groupsOf(segmentsOf(table, label));
  return groups.fine.length > 0 ? { label, schema, embedded, groups } : undefined;
}

/** Returns the files that a series should have: fine overviews first, from which the coarse ones are made. */
export async function overviewFilesOf({ schema, groups }: SummarisedSeries): Promise<OverviewFile[]> {
  const files: OverviewFile[] = [];
  for (const group of [...groups.fine, ...groups.coarse])
    for (const y of valueColumns(schema))
      files.push({ name: await overviewName(group, schema, y), group, y });
  for (const group of groups.fine)
    if (hasBlockIndex(group, schema))
      files.push({ name: await blockIndexName(group, schema), group, y: undefined });
  return files;
}

/** Whether this library has the codecs of a column. */
function isReadable({ name, codecs }: Column): boolean {
  try {
    for (const codec of codecs) checkCodec(codec, name);
    return true;
  } catch {
    return false;
  }
}
