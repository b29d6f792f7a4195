import { labelToPath, pathToLabel } from "../../interchange/files/file-names.ts";
import type { Context } from "../context.ts";
import { plural } from "../output/units.ts";

/** The file with a collection's schema in JSON that export and Python Lakota put beside its series. */
export const SCHEMA_FILE = "_schema.json";

/** Returns the name of a collection's folder: a single path segment, whatever the label. */
export const folderOf = (label: string): string => label.split("/").map(labelToPath).join("%2F");
export const labelOfFolder = (name: string): string => name.split("%2F").map(pathToLabel).join("/");

interface FolderReport {
  collection: string;
  series: number;
  rows: number;
}

/** Reports what was imported or exported, by collection. */
export async function reportFolders(context: Context, collections: readonly FolderReport[]): Promise<void> {
  context.progress.clear();
  const lines = collections.map(
    ({ collection, series, rows }) =>
      `${collection}: ${plural(series, "series", "series")}, ${plural(rows, "row")}.`,
  );
  await context.report({ collections }, lines);
}

export const totalRows = (series: readonly { rows: number | undefined }[]): number =>
  series.reduce((sum, { rows = 0 }) => sum + rows, 0);
