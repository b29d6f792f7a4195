import type { Batch, Collection, Frame, Repo, Schema } from "lakota";
import type { SourceProgress } from "lakota/interchange";
import type { Choices } from "./choices.ts";
import { type OpenFile, openFile } from "./open-file.ts";

export interface FileTarget {
  readonly repo: Repo;
  readonly collection: string;
  readonly series: string;
  /** Of the collection, where it exists. */
  readonly schema: Schema | undefined;
}

interface WriteOptions {
  readonly signal: AbortSignal;
  /** @param share of the file that was read, from 0 to 1 */
  onProgress(share: number, rows: number): void;
}

/**
 * Writes a file into a series, as one revision, or nothing at all. Rows that the series has between the first and the
 * last row of the file are replaced. Returns the number of rows.
 *
 * A file for a new collection is first read to its end: if it has errors, no collection is created, and its types can be
 * chosen again. A collection that was created is never deleted, because others may have written to it meanwhile.
 */
export async function writeFile(
  file: File,
  choices: Choices,
  { repo, collection: label, series, schema }: FileTarget,
  { signal, onProgress }: WriteOptions,
): Promise<number> {
  const shareOf = (bytes: number) => Math.min(1, bytes / file.size);
  if (!schema) {
    const onRead = ({ bytes }: SourceProgress) => onProgress(shareOf(bytes) / 2, 0);
    await checkFile(await openFile(file, choices, { signal, onProgress: onRead }), signal);
  }
  const open = await openFile(file, choices, {
    schema,
    signal,
    onProgress: ({ bytes, rows }) => onProgress(schema ? shareOf(bytes) : (1 + shareOf(bytes)) / 2, rows),
  });
  const collection = await repo.createCollection(open.schema, label);
  try {
    return await writeFrames(collection, series, open, { message: `Add ${file.name}`, signal });
  } catch (error) {
    if (schema || signal.aborted) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(`${message} The collection “${label}” exists now, without these rows.`, { cause: error });
  }
}

/** Reads all rows of a file. @throws an error for users if one of them is wrong, or if there are none */
async function checkFile(file: OpenFile, signal: AbortSignal): Promise<void> {
  let rows = 0;
  for await (const { length } of file.frames()) {
    signal.throwIfAborted();
    rows += length;
  }
  if (rows === 0) throw new Error("The file has no rows.");
}

/** Writes all frames of a file as one revision. Returns the number of rows. */
async function writeFrames(
  collection: Collection,
  label: string,
  file: OpenFile,
  { message, signal }: { message: string; signal: AbortSignal },
): Promise<number> {
  let rows = 0;
  const work = async (batch: Batch) => {
    let last: Frame | undefined;
    for await (const frame of file.frames()) {
      signal.throwIfAborted();
      // What lies between two frames is replaced, too.
      const after = last && collection.schema.kind !== "kv" && { start: lastKey(last, file.schema) };
      await batch.series(label).write(frame, after ? { ...after, closed: "right" } : {});
      rows += frame.length;
      last = frame;
    }
    if (rows === 0) throw new Error("The file has no rows.");
  };
  await collection.batch(work, { signal, note: { message } });
  return rows;
}

function lastKey(frame: Frame, schema: Schema) {
  return schema.index.map(({ name }) => {
    const value = frame.get(name)[frame.length - 1];
    if (typeof value === "number" || typeof value === "bigint" || typeof value === "string") return value;
    throw new Error("An index column has a value that is neither a number nor text.");
  });
}
