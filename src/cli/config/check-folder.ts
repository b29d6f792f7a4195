import { stat } from "node:fs/promises";
import { homedir } from "node:os";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { LakotaError } from "../../model/errors.ts";
import { systemReason } from "../output/error-text.ts";

/** Returns the path of a folder given as a path or a `file://` URI; undefined for another URI. */
export function folderPath(uri: string): string | undefined {
  if (/^file:/i.test(uri)) return fileURLToPath(uri);
  if (/^[a-z][a-z\d+.-]+:\/\//i.test(uri)) return undefined;
  return resolve(uri.replace(/^~(?=\/|$)/, homedir()));
}

/** @throws `invalid-argument` for the address of a file, and for a path that leads nowhere; a missing folder is none */
export async function checkFolder(uri: string): Promise<void> {
  const path = folderPath(uri);
  if (path === undefined) return;
  const info = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return undefined;
    throw new LakotaError("invalid-argument", `${path} cannot be a repository: ${systemReason(cause)}.`, {
      cause,
    });
  });
  if (info && !info.isDirectory())
    throw new LakotaError("invalid-argument", `${path} cannot be a repository: it is a file, not a folder.`);
}
