import type { Schema } from "lakota";
import type { Choices } from "./choices.ts";
import { type OpenFile, openFile } from "./open-file.ts";

/** Rows that are shown. */
const ROWS = 5;
/** Rows that are read for them: problems in these are seen at once. */
const PAGE = 1_000;
/** Of a longer CSV file whose rows have to be sorted, only these bytes are: the preview does not read all of it. */
const MAX_SORTED_BYTES = 2 ** 20;

/** What is shown of a file before it is written. */
export interface Preview extends Pick<OpenFile, "kind" | "types" | "dialect" | "schema"> {
  /** The first rows, as they will be stored: text by column. */
  readonly rows: readonly Readonly<Record<string, string>>[];
}

/** Reads the first rows of a file. @throws an error for users */
export async function previewFile(
  file: File,
  choices: Choices,
  schema: Schema | undefined,
  signal: AbortSignal,
): Promise<Preview> {
  const isCut = choices.sort && file.size > MAX_SORTED_BYTES && /\.(csv|tsv|txt)$/i.test(file.name);
  const read = isCut ? await firstLines(file) : file;
  const open = await openFile(read, choices, { schema, signal, pageLength: PAGE });
  const frames = open.frames();
  try {
    const { value, done } = await frames.next();
    signal.throwIfAborted();
    if (done || value.length === 0) throw new Error("The file has no rows.");
    const { toRows } = await import("lakota/interchange");
    const rows = toRows(value)
      .slice(0, ROWS)
      .map((row) => Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, textOf(cell)])));
    const { kind, types, dialect, schema: found } = open;
    return { kind, types, schema: found, rows, ...(dialect && { dialect }) };
  } finally {
    await frames.return(undefined);
    await open.close();
  }
}

async function firstLines(file: File): Promise<File> {
  const bytes = new Uint8Array(await file.slice(0, MAX_SORTED_BYTES).arrayBuffer());
  return new File([bytes.subarray(0, bytes.lastIndexOf(10) + 1)], file.name);
}

const textOf = (cell: unknown): string =>
  cell === null || cell === undefined ? "" : typeof cell === "object" ? JSON.stringify(cell) : String(cell);
