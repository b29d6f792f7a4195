import type { Schema } from "lakota";
import type { RowSource, SourceOptions, Table } from "lakota/interchange";
import { type Choices, csvOptions, tableOptions } from "./choices.ts";
import { type FileKind, fileKind } from "./file-kind.ts";
import { jsonRows } from "./json-rows.ts";

/** An open file: the types of its columns, and its rows. */
export interface OpenFile extends Pick<RowSource, "schema" | "types" | "frames" | "close"> {
  readonly kind: FileKind;
  /** Of a CSV file: how it is read. */
  readonly dialect?: {
    readonly delimiter: string;
    readonly decimal: string;
    readonly formats: Readonly<Record<string, string>>;
  };
}

interface OpenOptions extends Pick<SourceOptions, "signal" | "onProgress" | "pageLength"> {
  /** Of the collection that the rows are added to: then no types are detected. */
  readonly schema?: Schema | undefined;
}

/** Opens a file to read its rows as the user has chosen. @throws an error for users, naming line and column */
export async function openFile(
  file: File,
  choices: Choices,
  { schema, ...options }: OpenOptions = {},
): Promise<OpenFile> {
  const kind = await fileKind(file);
  const { readCsv, readParquet, fromRows } = await import("lakota/interchange");
  const table = tableOptions(choices, schema);
  switch (kind) {
    case "csv": {
      const source = await readCsv(await unzipped(file), { ...csvOptions(choices, schema), ...options });
      const { delimiter, decimal, formats } = source;
      return { ...fromSource(kind, source), dialect: { delimiter, decimal, formats } };
    }
    case "parquet": {
      return fromSource(kind, await readParquet(file, { ...table, ...options }));
    }
    case "arrow": {
      const [{ tableFromIPC }, { fromArrow }] = await Promise.all([
        import("apache-arrow"),
        import("lakota/arrow"),
      ]);
      return inMemory(kind, fromArrow(tableFromIPC(await file.arrayBuffer()), table));
    }
    case "json":
      return inMemory(kind, fromRows(jsonRows(await file.text()), table));
  }
}

const fromSource = (kind: FileKind, source: RowSource): OpenFile => ({
  kind,
  schema: source.schema,
  types: source.types,
  frames: () => source.frames(),
  close: () => source.close(),
});

function inMemory(kind: FileKind, { schema, frame, types }: Table): OpenFile {
  return {
    kind,
    schema,
    types,
    async *frames() {
      yield frame;
    },
    close: async () => {},
  };
}

async function unzipped(file: File): Promise<Blob | ReadableStream<Uint8Array>> {
  const [first, second] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  const isZipped = first === 0x1f && second === 0x8b;
  return isZipped ? file.stream().pipeThrough(new DecompressionStream("gzip")) : file;
}
