import { bySeries, type EmbeddedChunks, type LoadedSegments } from "../../../changelog/segment-table.ts";
import { checkCodec } from "../../../model/codec-names.ts";
import type { Column, Schema } from "../../../model/schema.ts";
import { blockIndexName, hasBlockIndex } from "../block-index.ts";
import { isNumeric, valueColumns } from "../chart-columns.ts";
import { type Group, type Groups, groupsOf } from "../groups.ts";
import { overviewName } from "../overview.ts";

/** One series in one state of its collection. */
export interface SummarisedSeries {
  readonly label: string;
  readonly schema: Schema;
  /** Chunks embedded in the commit, by digest. */
  readonly embedded: EmbeddedChunks;
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

/** Returns the series that have groups of segments, with these. None if no chart can show them. */
export function summarisedSeries(schema: Schema, { segments, embedded }: LoadedSegments): SummarisedSeries[] {
  const [x] = schema.index;
  if (!x || !isNumeric(x) || !schema.index.every(isReadable)) return [];
  return [...bySeries(segments)].flatMap(([label, own]) => {
    const groups = groupsOf(own);
    return groups.fine.length > 0 ? { label, schema, embedded, groups } : [];
  });
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
