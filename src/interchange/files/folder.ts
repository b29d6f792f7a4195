import { openAsBlob } from "node:fs";
import { mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { checkArguments } from "../../model/api/arguments.ts";
import { asLakotaError, type ErrorCode } from "../../model/errors.ts";
import type { ExportSink } from "./export-collection.ts";
import type { ImportFile } from "./import-files.ts";

/**
 * Lists the files of a folder and its subfolders, for `importFiles`. Names that begin with a dot are left
 * out. Files are opened only when they are imported, and are not loaded into memory.
 *
 * @throws `not-found` for a folder that does not exist; `forbidden`; `unsupported` for other errors of the file system
 */
export async function filesIn(folder: string): Promise<ImportFile[]> {
  checkArguments("filesIn", folder);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(
    fail(`list ${folder}`),
  );
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return paths
    .map((path) => ({ path, name: path.slice(join(folder, sep).length).split(sep).join("/") }))
    .filter(({ name }) => !/(^|\/)\./.test(name))
    .map(({ path, name }) => ({ path: name, open: () => openAsBlob(path) }));
}

/**
 * Returns a sink with which `exportCollection` writes to a folder, which is created if needed. A file appears
 * under its name once it is complete. Its errors have the codes `forbidden`, `quota`, `not-found`, or `unsupported`.
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
