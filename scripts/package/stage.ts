import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { addressFields, type PublishInfo, readPublishInfo } from "./publish-info.ts";
import { publishedReadme } from "./published-readme.ts";
import { createSbom } from "./sbom.ts";

/** The folders of the packages that are published, from the root of the project. */
export const PACKAGES = [".", "wasm"] as const;
export type PackageFolder = (typeof PACKAGES)[number];

export const SBOM_FILE = "sbom.cdx.json";

/** Files that name the packages whose code is bundled. The WebAssembly modules have a list of their own. */
const LICENCES: Readonly<Record<PackageFolder, readonly string[]>> = {
  ".": ["THIRD-PARTY-LICENSES.md", "dist/explorer/THIRD-PARTY-LICENSES.md"],
  wasm: [],
};

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly files: readonly string[];
  readonly sideEffects?: boolean | readonly string[];
  readonly [field: string]: unknown;
}

/** Fields that only a checkout needs. `private` keeps npm from publishing it as it is. */
const PRIVATE_FIELDS = ["private", "scripts", "devDependencies", "workspaces"];

/**
 * Copies what is published of a package to a folder, from which it is packed: the built files, the licences, a README whose
 * links work, the bill of materials, and a package.json without scripts. A checkout is not changed.
 *
 * @throws if it was not built
 */
export function stagePackage(
  folder: PackageFolder,
  target: string,
  info: PublishInfo = readPublishInfo(),
): Manifest {
  const read = (path: string) => readFileSync(join(folder, path), "utf8");
  const manifest: Manifest = JSON.parse(read("package.json"));
  const { name, version, license, files } = manifest;
  if (!existsSync(join(folder, "dist/index.js")))
    throw new Error(
      `${join(folder, "dist")} does not exist: run \`npm run build${folder === "." ? "" : ` -w ${name}`}\``,
    );
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  for (const path of files) cpSync(join(folder, path), join(target, path), { recursive: true });
  const published = {
    ...publicFields(manifest),
    files: [...files, SBOM_FILE],
    ...addressFields(info, folder),
  };
  const write = (path: string, text: string) => writeFileSync(join(target, path), text);
  write("package.json", `${JSON.stringify(published, undefined, 2)}\n`);
  write("README.md", publishedReadme(read("README.md"), { folder, version, info }));
  const sbom = createSbom({ name, version, license }, LICENCES[folder]);
  write(SBOM_FILE, `${JSON.stringify(sbom, undefined, 2)}\n`);
  return manifest;
}

function publicFields(manifest: Manifest): object {
  const fields = Object.entries(manifest).filter(([field]) => !PRIVATE_FIELDS.includes(field));
  const { sideEffects } = manifest;
  const built = Array.isArray(sideEffects) && {
    sideEffects: sideEffects.filter((path: string) => !path.startsWith("./src/")),
  };
  return { ...Object.fromEntries(fields), ...built };
}

/** Stages a package and packs it. Returns the path of the tarball, and the paths in it. */
export function packPackage(
  folder: PackageFolder,
  target: string,
  info?: PublishInfo,
): { tarball: string; staged: string; paths: string[] } {
  const staged = join(target, folder === "." ? "lakota" : folder);
  stagePackage(folder, staged, info);
  const args = ["pack", "--ignore-scripts", "--json", "--pack-destination", target];
  const report = execFileSync("npm", [...args, staged], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [{ filename, files }]: [{ filename: string; files: { path: string }[] }] = JSON.parse(report);
  return { tarball: join(target, filename), staged, paths: files.map(({ path }) => path) };
}
