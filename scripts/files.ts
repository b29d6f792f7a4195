import { existsSync, readdirSync } from "node:fs";
import { join, posix, sep } from "node:path";

/**
 * Returns the paths of all files below a folder whose names end with `ending`, sorted, with forward slashes; none if the
 * folder does not exist.
 */
export function filesUnder(folder: string, ending: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => join(entry.parentPath, entry.name).replaceAll(sep, posix.sep))
    .sort();
}
