import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/** A plain web host: files of a folder, no more. */
export interface StaticServer {
  url: string;
  /** Status and path of every answer so far: `"200 /index.html"`. */
  answers: string[];
  /** Bytes of all bodies so far. */
  readonly bytes: number;
  close(): Promise<void>;
}

export interface FolderOptions {
  /** Lets pages of other origins use the files, as a CDN does. */
  cors?: boolean;
  /** Default: any. */
  port?: number;
  /** Text to serve at a path in place of the file: `{ "/decoder.js": "…" }`. */
  instead?: Readonly<Record<string, string>>;
}

export async function serveFolder(
  folder: string,
  { cors = false, port = 0, instead = {} }: FolderOptions = {},
): Promise<StaticServer> {
  const answers: string[] = [];
  let bytes = 0;
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://host");
    const path = normalize(pathname.endsWith("/") ? `${pathname}index.html` : pathname);
    const body = instead[path] ?? (await readFile(join(folder, path)).catch(() => undefined));
    const status = body ? 200 : 404;
    answers.push(`${status} ${pathname}`);
    response.writeHead(status, {
      "content-type": TYPES[extname(path)] ?? "application/octet-stream",
      ...(cors && { "access-control-allow-origin": "*" }),
    });
    response.end(body);
    bytes += body ? Buffer.byteLength(body) : 0;
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}`,
    answers,
    get bytes() {
      return bytes;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
