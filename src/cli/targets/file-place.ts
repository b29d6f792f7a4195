import type { ExportSink } from "../../interchange/files/export-collection.ts";
import type { ImportFile } from "../../interchange/files/import-files.ts";

/** What is in a place, one level deep; what is hidden is left out. */
export interface Listing {
  readonly folders: readonly string[];
  readonly files: readonly string[];
}

/** Where files are exported to and imported from: a folder of this machine, or a prefix of a bucket. */
export interface FilePlace {
  /** As messages name it. */
  readonly name: string;
  /** @throws `not-found` if there is nothing; `invalid-argument` for a file */
  list(): Promise<Listing>;
  /** Returns the files of a folder and its subfolders. */
  filesIn(folder: string): Promise<readonly ImportFile[]>;
  /** Returns the text of a file; undefined if there is none. */
  read(folder: string, name: string): Promise<string | undefined>;
  /** Writes a file. An existing one is replaced. */
  write(folder: string, name: string, text: string): Promise<void>;
  /** Returns a sink for files of a folder. */
  sink(folder: string): ExportSink;
}
