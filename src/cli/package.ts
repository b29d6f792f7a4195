import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Returns the folder of the nearest `package.json`: that of this package, from `dist/` and from the sources. */
function packageFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  return folder;
}

export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(join(packageFolder(), "package.json"), "utf8"));
  return String(version);
}

/** Returns the folder of the built explorer, or undefined if it was not built. */
export function explorerFolder(): string | undefined {
  const folder = join(packageFolder(), "dist", "explorer");
  return existsSync(join(folder, "index.html")) ? folder : undefined;
}
