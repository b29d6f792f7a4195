import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import type { Store } from "../../src/stores/store.ts";

/** The files of a folder, by path. */
export function filesIn(folder: string): Map<string, Uint8Array> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return new Map(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [relative(folder, path).split(sep).join("/"), new Uint8Array(readFileSync(path))];
    }),
  );
}

/** The files of a store, by path. */
export async function filesOf(store: Store): Promise<Map<string, Uint8Array>> {
  const entries = await store.list("");
  const files = entries.map(async ({ path }) => [path, (await store.get(path))!] as const);
  return new Map(await Promise.all(files));
}
