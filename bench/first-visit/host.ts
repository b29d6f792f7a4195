import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname } from "node:path";
import { gzipSync } from "node:zlib";
import { filesUnder } from "../../scripts/files.ts";
import { preciseTime } from "../../test/s3-server/log.ts";
import type { Link } from "../../test/s3-server/shape.ts";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".wasm": "application/wasm",
};

/** A page of the host's origin that loads nothing, from which the measured navigation starts. */
export const BLANK = "/blank.html";

/** The web host of an app. */
export interface AppHost {
  url: string;
  /** Requests and bytes of bodies since the start or the last `reset`. */
  traffic(): { requests: number; bytes: number };
  /** When each script was requested, in epoch milliseconds. */
  readonly scripts: readonly number[];
  reset(): void;
  close(): Promise<void>;
}

interface Served {
  body: Buffer;
  headers: Record<string, string>;
}

/**
 * Serves the files of a folder as web hosts do: compressed with gzip, and named by their content, so that browsers keep
 * all but the page itself.
 *
 * @param link the network in front of the host
 * @param isolated whether pages may share memory among threads
 */
export async function serveApp(folder: string, link: Link, isolated: boolean): Promise<AppHost> {
  const files = new Map(
    filesUnder(folder, "").map((path) => [path.slice(folder.length), prepare(path, isolated)]),
  );
  files.set(BLANK, { body: Buffer.from("<!doctype html>"), headers: headersOf(BLANK, isolated) });
  let requests = 0;
  let bytes = 0;
  const scripts: number[] = [];
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://host");
    requests++;
    if (pathname.endsWith("js")) scripts.push(preciseTime());
    await link.latency();
    const file = files.get(pathname);
    response.writeHead(file ? 200 : 404, file?.headers);
    const sent = await link.send(response, file?.body ?? Buffer.alloc(0));
    bytes += sent;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    scripts,
    traffic: () => ({ requests, bytes }),
    reset: () => {
      requests = 0;
      bytes = 0;
      scripts.length = 0;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function prepare(path: string, isolated: boolean): Served {
  const body = gzipSync(readFileSync(path));
  const headers = headersOf(path, isolated);
  return {
    body,
    headers: { ...headers, "content-encoding": "gzip", "content-length": String(body.length) },
  };
}

function headersOf(path: string, isolated: boolean): Record<string, string> {
  const extension = extname(path);
  return {
    "content-type": TYPES[extension] ?? "application/octet-stream",
    "cache-control": extension === ".html" ? "no-cache" : "public, max-age=31536000, immutable",
    ...(isolated && {
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-embedder-policy": "require-corp",
    }),
  };
}
