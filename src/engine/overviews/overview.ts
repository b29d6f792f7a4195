import { sha1 } from "../../codecs/sha1.ts";
import type { Column, Schema } from "../../model/schema.ts";
import { type ChunkSummary, summaryName } from "./chunk-summary.ts";
import type { Group } from "./groups.ts";

/** To be increased when what is in the files changes: a name then is that of another file. */
const VERSION = 1;

/** The content of an overview file: one column of the segments of a {@link Group}. */
export interface Overview {
  /** Of a segment whose rows have no place on the x axis: undefined. */
  readonly segments: readonly (ChunkSummary | undefined)[];
}

/**
 * Returns the name of the overview of a column: a digest of what it summarises. So it can be computed from a commit, and
 * the file never changes.
 */
export function overviewName(group: Group, schema: Schema, y: Column): Promise<string> {
  const names = group.segments.map((segment) => `${segment.length} ${summaryName(segment, schema, y)}`);
  const text = [`lakota overview ${VERSION}`, group.rowsPerBlock, ...names].join("\n");
  return sha1(new TextEncoder().encode(text));
}
