/** The formats of files that become series. */
export type FileKind = "csv" | "parquet" | "arrow" | "json";

/** Names of files that can be chosen. */
export const ACCEPTED = ".csv,.tsv,.txt,.gz,.parquet,.pq,.arrow,.feather,.json,.jsonl,.ndjson";

/** Returns the format of a file, by its first bytes, or else by its name. @throws Error for files of other kinds */
export async function fileKind(file: File): Promise<FileKind> {
  const start = new TextDecoder("latin1").decode(await file.slice(0, 8).arrayBuffer());
  if (start.startsWith("PAR1")) return "parquet";
  if (start.startsWith("ARROW1")) return "arrow";
  if (start.startsWith("PK\u0003\u0004"))
    throw new Error(`${file.name} is a workbook or an archive. Save the sheet as CSV, and add that.`);
  if (/\.(json|jsonl|ndjson)$/i.test(file.name)) return "json";
  if (/\.(parquet|pq)$/i.test(file.name)) throw new Error(`${file.name} is not a Parquet file.`);
  if (/^(\x89PNG|%PDF|GIF8|\xff\xd8)/.test(start))
    throw new Error(`${file.name} has no rows. Add a CSV, Parquet, Arrow or JSON file.`);
  return "csv";
}

/** Returns the name for a series from a file, without folder and extensions. */
export const labelOf = (name: string): string =>
  name
    .replace(/^.*[\\/]/, "")
    .replace(/(\.(csv|tsv|txt|parquet|pq|arrow|feather|json|jsonl|ndjson|gz))+$/i, "") || "file";
