import { openAsBlob } from "node:fs";
import { mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import type { ExportSink } from "./export-collection.ts";
import type { ImportFile } from "./import-files.ts";

/**
 * Lists the files of a folder and its subfolders, for `importFiles`. Names that begin with a dot are left
 * out. Files are opened only when they are imported, and are not loaded into memory.
 *
 * @throws the errors of `readdir`
 */
export async function filesIn(folder: string): Promise<ImportFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return paths
    .map((path) => ({ path, name: path.slice(join(folder, sep).length).split(sep).join("/") }))
    .filter(({ name }) => !/(^|\/)\./.test(name))
    .map(({ path, name }) => ({ path: name, open: () => openAsBlob(path) }));
}

/**
 * Returns a sink with which `exportCollection` writes to a folder, which is created if needed. A file appears
 * under its name once it is complete.
 */
export function folderSink(folder: string): ExportSink {
  return async (path) => {
    const target = join(folder, ...path.split("/"));
    const temporary = `${target}.part`;
    await mkdir(dirname(target), { recursive: true });
    const file = await open(temporary, "w");
    return new WritableStream<Uint8Array>({
      async write(chunk) {
        await file.writeFile(chunk);
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
