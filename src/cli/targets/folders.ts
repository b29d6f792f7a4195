import { labelToPath, pathToLabel } from "../../interchange/files/file-names.ts";
import type { Context } from "../context.ts";
import { typesText } from "../output/dialect-text.ts";
import { plural } from "../output/units.ts";

/** Returns the name of a collection's folder: a single path segment, whatever the label. */
export const folderOf = (label: string): string => label.split("/").map(labelToPath).join("%2F");
export const labelOfFolder = (name: string): string => name.split("%2F").map(pathToLabel).join("/");

interface FolderReport {
  collection: string;
  series: number;
  rows: number;
  revision?: string;
  /** The types of the columns of a collection that was created. */
  types?: Readonly<Record<string, string>>;
  /** How CSV files were read, as far as that was detected and is not what is usual. */
  detected?: readonly string[];
  /** Files that were not imported. */
  leftOut?: readonly string[];
}

/** Names shown of what was left out. */
const MAX_SHOWN = 10;

/** Says what was not imported; no sentence where nothing was left out. */
export function leftOutText(paths: readonly string[], why: string): string[] {
  if (paths.length === 0) return [];
  const more = paths.length > MAX_SHOWN ? ` and ${paths.length - MAX_SHOWN} more` : "";
  return [`Left out, ${why}: ${paths.slice(0, MAX_SHOWN).join(", ")}${more}.`];
}

/** Reports what was imported or exported, by collection. */
export async function reportFolders(
  context: Context,
  collections: readonly FolderReport[],
  further: { json?: object; sentences?: readonly string[] } = {},
): Promise<void> {
  context.progress.clear();
  const lines = collections.flatMap(
    ({ collection, series, rows, revision, types, detected = [], leftOut = [] }) => [
      `${collection}: ${plural(series, "series", "series")}, ${plural(rows, "row")}${context.asRevision(revision)}.`,
      ...(types ? context.forPeople(`Created ${collection}: ${typesText(types)}.`) : []),
      ...detected.map((text) => `Detected: ${text}.`),
      ...leftOutText(leftOut, "neither CSV nor Parquet"),
    ],
  );
  await context.report({ collections, ...further.json }, [...lines, ...(further.sentences ?? [])]);
}

export const totalRows = (series: readonly { rows: number | undefined }[]): number =>
  series.reduce((sum, { rows = 0 }) => sum + rows, 0);
