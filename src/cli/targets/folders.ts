import { labelToPath, pathToLabel } from "../../interchange/files/file-names.ts";
import type { Context } from "../context.ts";
import { plural } from "../output/units.ts";

/** What export and Python Lakota put beside the series of a collection: its schema as the registry has it. */
export const SCHEMA_FILE = "_schema.json";

/** The folder of a collection: one, whatever its label. */
export const folderOf = (label: string): string => label.split("/").map(labelToPath).join("%2F");
export const labelOfFolder = (name: string): string => name.split("%2F").map(pathToLabel).join("/");

interface FolderReport {
  collection: string;
  series: number;
  rows: number;
}

/** What was imported or exported, by collection. */
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
