import { readdirSync, readFileSync } from "node:fs";
import { extname, join, sep } from "node:path";
import type { HttpResponse } from "./response.ts";

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

/**
 * What a page of ours may do: it runs our own code alone, and reads from any host that the user connects it to. No other
 * page can show it in a frame.
 */
const PAGE_POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "connect-src *",
  "img-src 'self' data: blob:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** Tells the explorer where the repo of this server is, which it opens unless its address names another one. */
const REPO_META = '<meta name="lakota-repo" content="./repo" />';

/** The files of a folder, by URL path. Files added later are not served. */
export class StaticFiles {
  readonly #files: ReadonlyMap<string, string>;

  /** @param folder if undefined, `/` is a page that says where the repo is */
  constructor(folder: string | undefined) {
    this.#files = new Map(folder === undefined ? [] : filesIn(folder));
  }

  respond(path: string): HttpResponse | undefined {
    const file = this.#files.get(path === "/" ? "/index.html" : path);
    if (file !== undefined) {
      const isPage = extname(file) === ".html";
      const body = readFileSync(file);
      return {
        status: 200,
        headers: {
          "content-type": TYPES[extname(file)] ?? "application/octet-stream",
          ...(isPage && {
            "content-security-policy": PAGE_POLICY,
            "x-frame-options": "DENY",
            "referrer-policy": "no-referrer",
          }),
          "cache-control": path.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache",
        },
        body: isPage ? body.toString().replace("</head>", `${REPO_META}</head>`) : body,
      };
    }
    if (path !== "/") return undefined;
    const body = "A Lakota repo is at /repo: connect to this address followed by /repo.\n";
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
