import type { Frame, Repo, Schema } from "lakota";
import type { Choices } from "./choices.ts";
import { openFile } from "./open-file.ts";

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
 */
export async function writeFile(
  file: File,
  choices: Choices,
  { repo, collection: label, series, schema }: FileTarget,
  { signal, onProgress }: WriteOptions,
): Promise<number> {
  const open = await openFile(file, choices, {
    schema,
    signal,
    onProgress: ({ bytes, rows }) => onProgress(Math.min(1, bytes / file.size), rows),
  });
  const collection = await repo.createCollection(open.schema, label);
  let rows = 0;
  await collection.batch(
    async (batch) => {
      let last: Frame | undefined;
      for await (const frame of open.frames()) {
        signal.throwIfAborted();
        // What lies between two frames is replaced, too.
        const after = last && collection.schema.kind !== "kv" && { start: lastKey(last, open.schema) };
        await batch.series(series).write(frame, after ? { ...after, closed: "right" } : {});
        rows += frame.length;
        last = frame;
      }
      if (rows === 0) throw new Error("The file has no rows.");
    },
    { signal, note: { message: `Add ${file.name}` } },
  );
  return rows;
}

function lastKey(frame: Frame, schema: Schema) {
  return schema.index.map(({ name }) => {
    const value = frame.get(name)[frame.length - 1];
    if (typeof value === "number" || typeof value === "bigint" || typeof value === "string") return value;
    throw new Error("An index column has a value that is neither a number nor text.");
  });
}
