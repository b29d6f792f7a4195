import type { IncomingMessage, ServerResponse } from "node:http";
import { asLakotaError } from "../../model/errors.ts";
import { type FileKind, INDEX_PATH } from "../../model/layout.ts";
import type { Store } from "../../stores/store.ts";
import type { Answer } from "./answer.ts";
import type { FreshIndex } from "./fresh-index.ts";
import type { Pages } from "./pages.ts";
import type { Writing } from "./writing.ts";

/** Where the repo is on the server. */
export const REPO = "/repo";

const FOREVER = "public, max-age=31536000, immutable";
const ASK_AGAIN = "no-cache";

export interface FrontParts {
  readonly store: Store;
  readonly index: FreshIndex;
  /** What is beside the repo: the explorer. */
  readonly pages: Pages;
  /** What a path in the repo is, if it is a file's. */
  readonly kindOf: (path: string) => FileKind | undefined;
  /** Absent: the repo is for reading only. */
  readonly writing?: Writing;
  readonly warn: (message: string) => void;
}

/** A repo over HTTP: its files at `/repo/…`, and the index that tells what files there are. */
export class Front {
  readonly #parts: FrontParts;

  constructor(parts: FrontParts) {
    this.#parts = parts;
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const {
      status,
      headers,
      body = "",
    } = await this.#answer(request).catch((error) => this.#failure(error, request));
    const bytes = typeof body === "string" ? Buffer.from(body) : body;
    const isBare = status === 204 || status === 304;
    response.writeHead(status, {
      "access-control-allow-origin": "*",
      "x-content-type-options": "nosniff",
      ...(!isBare && { "content-length": bytes.length }),
      ...headers,
    });
    response.end(request.method === "HEAD" ? undefined : bytes);
  }

  async #answer(request: IncomingMessage): Promise<Answer> {
    const { method = "GET", url = "/" } = request;
    const { writing, pages } = this.#parts;
    if (method === "OPTIONS") return preflight(this.#methods);
    const [, address = "", query] = /^([^?#]*)(?:\?([^#]*))?/.exec(url) ?? [];
    const path = decoded(address);
    if (path === undefined) return { status: 400, body: "This is no path.\n" };
    const file = path.startsWith(`${REPO}/`) ? path.slice(REPO.length + 1) : undefined;
    const search = new URLSearchParams(query);
    const isRead = method === "GET" || method === "HEAD";
    if (writing && file !== undefined && (!isRead || (file === "" && search.has("list"))))
      return writing.answer(file, search, request);
    if (!isRead)
      return {
        status: 405,
        headers: { allow: `${this.#methods}, OPTIONS` },
        body: "This is for reading only.\n",
      };
    return file === undefined ? (pages.answer(path) ?? missing) : this.#file(file, request);
  }

  get #methods(): string {
    return this.#parts.writing ? "GET, HEAD, PUT, POST, DELETE" : "GET, HEAD";
  }

  async #file(path: string, request: IncomingMessage): Promise<Answer> {
    if (path === INDEX_PATH) return this.#index(request);
    const kind = this.#parts.kindOf(path);
    const bytes = kind && (await this.#parts.store.get(path));
    if (!bytes) return missing;
    return {
      status: 200,
      headers: {
        "content-type": "application/octet-stream",
        "cache-control": kind === "set-aside" ? ASK_AGAIN : FOREVER,
      },
      body: bytes,
    };
  }

  async #index({ headers }: IncomingMessage): Promise<Answer> {
    const { bytes, etag } = await this.#parts.index.get();
    const own = { etag, "cache-control": ASK_AGAIN };
    if (headers["if-none-match"] === etag) return { status: 304, headers: own };
    return { status: 200, headers: { ...own, "content-type": "application/json" }, body: bytes };
  }

  #failure(error: unknown, { socket }: IncomingMessage): Answer {
    const { message, code } = asLakotaError(error);
    if (!socket.destroyed) this.#parts.warn(message); // a client that has gone is no trouble
    // The client tries again later. What went wrong is for the one who serves, not for the world.
    return {
      status: 503,
      headers: { "cache-control": "no-store" },
      body: `The repo cannot be reached (${code}).\n`,
    };
  }
}

const missing: Answer = {
  status: 404,
  headers: { "cache-control": "no-store" },
  body: "There is no such file.\n",
};

const preflight = (methods: string): Answer => ({
  status: 204,
  headers: {
    "access-control-allow-methods": methods,
    "access-control-allow-headers": "*, authorization", // the one that a star does not mean
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
