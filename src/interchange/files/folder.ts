import { openAsBlob } from "node:fs";
import { mkdir, open, readdir, realpath, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { checkArguments } from "../../model/api/arguments.ts";
import { asLakotaError, type ErrorCode } from "../../model/errors.ts";
import type { ExportSink } from "./export-collection.ts";
import type { ImportFile } from "./import-files.ts";

/**
 * Lists the files of a folder and its subfolders, for `importFiles`. Links are followed, each folder once. Names that
 * begin with a dot, and links to nothing, are left out. Files are opened only when they are imported, and are not loaded
 * into memory.
 *
 * @throws `not-found` for a folder that does not exist; `forbidden`; `unsupported` for other errors of the file system
 * @example
 * await importFiles(repo, await filesIn("data"), { collection: "prices" });
 */
export async function filesIn(folder: string): Promise<ImportFile[]> {
  checkArguments("filesIn", folder);
  const failed = fail(`list ${folder}`);
  const files: ImportFile[] = [];
  const visited = new Set<string>();
  const visit = async (path: string, prefix: string): Promise<void> => {
    const real = await realpath(path).catch(failed);
    if (visited.has(real)) return;
    visited.add(real);
    const items = await readdir(path, { withFileTypes: true }).catch(failed);
    for (const item of items.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const { name } = item;
      if (name.startsWith(".")) continue;
      const inner = join(path, name);
      const isKnown = item.isFile() || item.isDirectory(); // not a link; some file systems do not tell
      const info = isKnown ? item : await stat(inner).catch(() => undefined);
      if (info?.isDirectory()) await visit(inner, `${prefix}${name}/`);
      else if (info?.isFile()) files.push({ path: `${prefix}${name}`, open: () => openAsBlob(inner) });
    }
  };
  await visit(folder, "");
  return files;
}

/**
 * Returns a sink with which `exportCollection` writes to a folder, which is created if needed. A file appears
 * under its name once it is complete. Its errors have the codes `forbidden`, `quota`, `not-found`, or `unsupported`.
 *
 * @example
 * await exportCollection(collection, folderSink("out"), { format: "parquet" });
 */
export function folderSink(folder: string): ExportSink {
  checkArguments("folderSink", folder);
  return async (path) => {
    const target = join(folder, ...path.split("/"));
    const temporary = `${target}.part`;
    const failed = fail(`write ${target}`);
    await mkdir(dirname(target), { recursive: true }).catch(failed);
    const file = await open(temporary, "w").catch(failed);
    return new WritableStream<Uint8Array>({
      async write(chunk) {
        await file.writeFile(chunk).catch(failed);
      },
      async close() {
        await file.close().catch(failed);
        await rename(temporary, target).catch(failed);
      },
      async abort() {
        await file.close();
        await rm(temporary, { force: true });
      },
    });
  };
}

const CODES: Readonly<Record<string, ErrorCode>> = {
  ENOENT: "not-found",
  ENOTDIR: "not-found",
  EACCES: "forbidden",
  EPERM: "forbidden",
  EROFS: "forbidden",
  ENOSPC: "quota",
  EDQUOT: "quota",
  EINVAL: "invalid-argument",
  ENAMETOOLONG: "invalid-argument",
  ERR_INVALID_ARG_VALUE: "invalid-argument",
};

/** Returns a function that throws the error for a failure of the file system. */
const fail =
  (doing: string) =>
  (error: NodeJS.ErrnoException): never => {
    throw asLakotaError(error, CODES[error.code ?? ""] ?? "unsupported", `Cannot ${doing}`);
  };
