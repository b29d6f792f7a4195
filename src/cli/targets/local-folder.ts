import { homedir } from "node:os";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { UsageError } from "../options/usage-error.ts";

/** Returns the path of a local folder, given as a path or a `file://` URI. @throws UsageError for other URIs */
export function localFolder(text: string): string {
  if (/^file:/i.test(text)) return fileURLToPath(text);
  if (/^[a-z][a-z\d+.-]+:\/\//i.test(text))
    throw new UsageError(`"${text}" is not a local folder. Copy between repos with push and pull.`);
  return resolve(text.replace(/^~(?=\/|$)/, homedir()));
}
