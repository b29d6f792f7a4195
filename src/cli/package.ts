import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of this package: that of the nearest `package.json`, seen from `dist/` or from the sources. */
function packageFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  return folder;
}

export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(join(packageFolder(), "package.json"), "utf8"));
  return String(version);
}

/** Where the built explorer is, if the package has it. */
export function explorerFolder(): string | undefined {
  const folder = join(packageFolder(), "dist", "explorer");
  return existsSync(join(folder, "index.html")) ? folder : undefined;
}
