import { homedir } from "node:os";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { UsageError } from "../options/usage-error.ts";

/** A folder of this machine, told by a path or a `file://` URI. */
export function localFolder(text: string): string {
  if (/^file:/i.test(text)) return fileURLToPath(text);
  if (/^[a-z][a-z\d+.-]+:\/\//i.test(text))
    throw new UsageError(`"${text}" is no folder of this machine. Copy between repos with push and pull.`);
  return resolve(text.replace(/^~(?=\/|$)/, homedir()));
}
