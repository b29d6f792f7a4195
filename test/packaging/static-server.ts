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

/** A plain web host that serves the files of a folder. */
export interface StaticServer {
  url: string;
  /** Status and path of all responses so far, such as "200 /index.html". */
  answers: string[];
  /** Total size of all response bodies so far, in bytes. */
  readonly bytes: number;
  close(): Promise<void>;
}

export interface FolderOptions {
  /** Whether to allow requests from other origins, as a CDN does. Default: false. */
  cors?: boolean;
  /** Default: a free port. */
  port?: number;
  /** Texts to serve instead of files, by path, such as `{ "/decoder.js": "…" }`. */
  instead?: Readonly<Record<string, string>>;
  /** Waits before the response to a request for a path. Default: does not wait. */
  hold?: (path: string) => Promise<unknown> | undefined;
  /** Further headers of each response. Default: none. */
  headers?: (path: string) => Readonly<Record<string, string>>;
}

export async function serveFolder(
  folder: string,
  { cors = false, port = 0, instead = {}, hold = () => undefined, headers = () => ({}) }: FolderOptions = {},
): Promise<StaticServer> {
  const answers: string[] = [];
  let bytes = 0;
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://host");
    const path = normalize(pathname.endsWith("/") ? `${pathname}index.html` : pathname);
    await hold(path);
    const body = instead[path] ?? (await readFile(join(folder, path)).catch(() => undefined));
    const status = body ? 200 : 404;
    answers.push(`${status} ${pathname}`);
    response.writeHead(status, {
      "content-type": TYPES[extname(path)] ?? "application/octet-stream",
      ...(cors && { "access-control-allow-origin": "*" }),
      ...headers(path),
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
