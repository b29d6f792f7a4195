import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { packPackage } from "../../scripts/package/stage.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** A project that uses the package as its users do: installed from the tarball, outside of the checkout. */
export interface Consumer {
  folder: string;
  /** Paths of the files in the tarball. */
  packed: string[];
  remove(): void;
}

/**
 * Packs dist/ as it is, as a release does, installs it offline in a new temporary folder, and copies test/packaging/consumer/ there.
 *
 * @throws if dist/ does not exist
 */
export function makeConsumer(): Consumer {
  if (!existsSync(join(ROOT, "dist/index.js"))) {
    throw new Error("dist/ does not exist: run `npm run build` first");
  }
  const folder = mkdtempSync(join(tmpdir(), "lakota-consumer-"));
  const npm = (cwd: string, ...args: string[]) =>
    execFileSync("npm", args, { cwd, encoding: "utf8", stdio: "pipe" });
  const { tarball, staged, paths } = packPackage(".", folder);
  rmSync(staged, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  npm(folder, "install", "--offline", "--ignore-scripts", tarball);
  cpSync(join(ROOT, "test/packaging/consumer"), folder, { recursive: true });
  return {
    folder,
    packed: paths,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
