import { execFile } from "node:child_process";
import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { openRepo } from "lakota/node";
import { build, createBuilder } from "vite";
import { type StaticServer, serveFolder } from "../../test/packaging/static-server.ts";
import { seed } from "./seed.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const HERE = join(ROOT, "examples/gallery");
const CONFIG = join(ROOT, "vite.config.ts");

export interface GalleryOptions {
  /** Port of the pages. Default: any. */
  port?: number;
  /** Folder for what is served; it is emptied first. */
  folder?: string;
  /** Told of each step. */
  say?: (line: string) => void;
}

/** Makes a folder as any web host could serve it, with pages, libraries and the repository, and serves it. */
export async function serveGallery({
  port,
  folder = join(ROOT, ".cache/gallery"),
  say = () => undefined,
}: GalleryOptions = {}): Promise<StaticServer> {
  await build({ configFile: CONFIG, mode: "gallery", build: { outDir: folder }, logLevel: "error" });
  await copyPlainPages(folder);
  say("Pages built.");
  await writeRepository(join(folder, "repository"));
  say("Repository written.");
  await drawInNode(folder);
  return serveFolder(folder, { port });
}

/** The pages without a bundler, and what they import. */
async function copyPlainPages(folder: string): Promise<void> {
  for (const file of ["index.html", "gallery.css", "plain/index.html"]) {
    await cp(join(HERE, file), join(folder, file));
  }
  for (const file of ["uPlot.esm.js", "uPlot.min.css"]) {
    await cp(join(ROOT, "node_modules/uplot/dist", file), join(folder, "uplot", file));
  }
  // As `npm run build` fills dist/, which may be missing or old.
  const outDir = join(folder, "lakota");
  const builder = await createBuilder({ configFile: CONFIG, build: { outDir }, logLevel: "error" });
  await builder.buildApp();
}

async function writeRepository(folder: string): Promise<void> {
  const repo = await openRepo(folder);
  try {
    await seed(repo);
  } finally {
    repo.close();
  }
}

async function drawInNode(folder: string): Promise<void> {
  const [repository, svg] = [join(folder, "repository"), join(folder, "node/chart.svg")];
  await mkdir(join(folder, "node"));
  const script = ["--import", "tsx", join(HERE, "node/chart.mjs")];
  await promisify(execFile)(process.execPath, [
    ...script,
    repository,
    "temperature",
    "garden",
    "celsius",
    svg,
  ]);
}
