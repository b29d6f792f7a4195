import { readdirSync, readFileSync } from "node:fs";
import { extname, join, sep } from "node:path";
import type { Answer } from "./answer.ts";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".md": "text/markdown; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
};

/** The files of a folder, by their paths from `/` on. What was not there at the start does not exist. */
export class Pages {
  readonly #files: ReadonlyMap<string, string>;

  /** @param folder undefined: a page that says where the repo is */
  constructor(folder: string | undefined) {
    this.#files = new Map(folder === undefined ? [] : filesIn(folder));
  }

  answer(path: string): Answer | undefined {
    const file = this.#files.get(path === "/" ? "/index.html" : path);
    if (file !== undefined) {
      return {
        status: 200,
        headers: {
          "content-type": TYPES[extname(file)] ?? "application/octet-stream",
          "cache-control": path.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache",
        },
        body: readFileSync(file),
      };
    }
    if (path !== "/") return undefined;
    const body = "A Lakota repo is at /repo: connect to this address with /repo at its end.\n";
    return { status: 200, headers: { "content-type": "text/plain; charset=utf-8" }, body };
  }
}

function filesIn(folder: string): [path: string, file: string][] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const file = join(entry.parentPath, entry.name);
      return [file.slice(folder.length).replaceAll(sep, "/"), file];
    });
}
