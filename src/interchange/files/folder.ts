import { openAsBlob } from "node:fs";
import { mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import type { ExportSink } from "./export-collection.ts";
import type { ImportFile } from "./import-files.ts";

/**
 * The files of a folder and of the folders in it, for `importFiles`. Names that begin with a dot are left out. No file is
 * read before its turn, and none as a whole.
 *
 * @throws what `readdir` throws
 */
export async function filesIn(folder: string): Promise<ImportFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return paths
    .map((path) => ({ path, name: path.slice(join(folder, sep).length).split(sep).join("/") }))
    .filter(({ name }) => !/(^|\/)\./.test(name))
    .map(({ path, name }) => ({ path: name, open: () => openAsBlob(path) }));
}

/** Where `exportCollection` writes files of a folder. A file appears under its name when it is whole. */
export function folderSink(folder: string): ExportSink {
  return async (path) => {
    const target = join(folder, ...path.split("/"));
    const temporary = `${target}.part`;
    await mkdir(dirname(target), { recursive: true });
    const file = await open(temporary, "w");
    return new WritableStream<Uint8Array>({
      async write(piece) {
        await file.writeFile(piece);
      },
      async close() {
        await file.close();
        await rename(temporary, target);
      },
      async abort() {
        await file.close();
        await rm(temporary, { force: true });
      },
    });
  };
}
