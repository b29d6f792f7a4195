import type { IncomingMessage, ServerResponse } from "node:http";
import { asLakotaError } from "../../model/errors.ts";
import { INDEX_PATH } from "../../model/layout.ts";
import type { FileKind } from "../../model/parse-layout.ts";
import type { Store } from "../../stores/store.ts";
import type { FreshIndex } from "./fresh-index.ts";
import type { HttpResponse } from "./response.ts";
import type { StaticFiles } from "./static-files.ts";
import type { WriteHandler } from "./write-handler.ts";

/** Path of the repo on the server. */
export const REPO_PATH = "/repo";

const IMMUTABLE = "public, max-age=31536000, immutable";
const REVALIDATE = "no-cache";

export interface RepoHandlerOptions {
  readonly store: Store;
  readonly index: FreshIndex;
  /** Files outside the repo: the explorer. */
  readonly staticFiles: StaticFiles;
  /** Classifies a path in the repo; other paths are not served. */
  readonly kindOf: (path: string) => FileKind | undefined;
  /** Absent: the repo is read-only. */
  readonly writeHandler?: WriteHandler;
  readonly warn: (message: string) => void;
}

/** Serves a repo over HTTP: its files at `/repo/…`, with an index made on request. */
export class RepoHandler {
  readonly #options: RepoHandlerOptions;

  constructor(options: RepoHandlerOptions) {
    this.#options = options;
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const {
      status,
      headers,
      body = "",
    } = await this.#respond(request).catch((error) => this.#failure(error, request));
    const bytes = typeof body === "string" ? Buffer.from(body) : body;
    const hasNoBody = status === 204 || status === 304;
    response.writeHead(status, {
      "access-control-allow-origin": "*",
      "x-content-type-options": "nosniff",
      ...(!hasNoBody && { "content-length": bytes.length }),
      ...headers,
    });
    response.end(request.method === "HEAD" ? undefined : bytes);
  }

  async #respond(request: IncomingMessage): Promise<HttpResponse> {
    const { method = "GET", url = "/" } = request;
    const { writeHandler, staticFiles } = this.#options;
    if (method === "OPTIONS") return preflight(this.#methods);
    const [, address = "", query] = /^([^?#]*)(?:\?([^#]*))?/.exec(url) ?? [];
    const path = decoded(address);
    if (path === undefined) return { status: 400, body: "Invalid path.\n" };
    const file = path.startsWith(`${REPO_PATH}/`) ? path.slice(REPO_PATH.length + 1) : undefined;
    const search = new URLSearchParams(query);
    const isRead = method === "GET" || method === "HEAD";
    if (writeHandler && file !== undefined && (!isRead || (file === "" && search.has("list"))))
      return writeHandler.respond(file, search, request);
    if (!isRead)
      return {
        status: 405,
        headers: { allow: `${this.#methods}, OPTIONS` },
        body: "This repo is read-only.\n",
      };
    return file === undefined ? (staticFiles.respond(path) ?? missing) : this.#file(file, request);
  }

  get #methods(): string {
    return this.#options.writeHandler ? "GET, HEAD, PUT, POST, DELETE" : "GET, HEAD";
  }

  async #file(path: string, request: IncomingMessage): Promise<HttpResponse> {
    if (path === INDEX_PATH) return this.#index(request);
    const kind = this.#options.kindOf(path);
    const bytes = kind && (await this.#options.store.get(path));
    if (!bytes) return missing;
    return {
      status: 200,
      headers: {
        "content-type": "application/octet-stream",
        "cache-control": kind === "set-aside" ? REVALIDATE : IMMUTABLE,
      },
      body: bytes,
    };
  }

  async #index({ headers }: IncomingMessage): Promise<HttpResponse> {
    const { bytes, etag } = await this.#options.index.get();
    const common = { etag, "cache-control": REVALIDATE };
    if (headers["if-none-match"] === etag) return { status: 304, headers: common };
    return { status: 200, headers: { ...common, "content-type": "application/json" }, body: bytes };
  }

  #failure(error: unknown, { socket }: IncomingMessage): HttpResponse {
    const { message, code } = asLakotaError(error);
    if (!socket.destroyed) this.#options.warn(message); // a disconnected client is not an error
    // Clients retry. Details are for the operator only, who gets them as a warning.
    return {
      status: 503,
      headers: { "cache-control": "no-store" },
      body: `The store cannot be reached (${code}).\n`,
    };
  }
}

const missing: HttpResponse = {
  status: 404,
  headers: { "cache-control": "no-store" },
  body: "No such file.\n",
};

const preflight = (methods: string): HttpResponse => ({
  status: 204,
  headers: {
    "access-control-allow-methods": methods,
    "access-control-allow-headers": "*, authorization", // not covered by the wildcard
    "access-control-max-age": "3600",
  },
});

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
