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
  /** Port of the pages. Default: any free port. */
  port?: number;
  /** Folder to serve; it is emptied first. */
  folder?: string;
  /** Called with a line for each step. */
  log?: (line: string) => void;
}

/** Builds a folder of static files with pages, libraries and the repository, and serves it. */
export async function serveGallery({
  port,
  folder = join(ROOT, ".cache/gallery"),
  log = () => undefined,
}: GalleryOptions = {}): Promise<StaticServer> {
  await build({ configFile: CONFIG, mode: "gallery", build: { outDir: folder }, logLevel: "error" });
  await copyPlainPages(folder);
  log("Pages built.");
  await writeRepository(join(folder, "repository"));
  log("Repository written.");
  await drawInNode(folder);
  return serveFolder(folder, { port });
}

/** Copies the pages that need no bundler, and the libraries that they import. */
async function copyPlainPages(folder: string): Promise<void> {
  for (const file of ["index.html", "gallery.css", "plain/index.html", "lines/index.html"]) {
    await cp(join(HERE, file), join(folder, file));
  }
  for (const file of ["uPlot.esm.js", "uPlot.min.css"]) {
    await cp(join(ROOT, "node_modules/uplot/dist", file), join(folder, "uplot", file));
  }
  // The same build as `npm run build`, because dist/ may be missing or outdated.
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
