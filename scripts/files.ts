import { existsSync, readdirSync } from "node:fs";
import { join, posix, sep } from "node:path";

/** All files under a folder whose name ends with `ending`, sorted, with forward slashes. No folder: none. */
export function filesUnder(folder: string, ending: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => join(entry.parentPath, entry.name).replaceAll(sep, posix.sep))
    .sort();
}
