import type { IncomingMessage, ServerResponse } from "node:http";
import { asLakotaError } from "../../model/errors.ts";
import { INDEX_PATH } from "../../stores/path.ts";
import type { Store } from "../../stores/store.ts";
import type { FreshIndex } from "./fresh-index.ts";
import type { Pages } from "./pages.ts";
import { kindOf } from "./repo-path.ts";

/** Where the repo is on the server. */
export const REPO = "/repo";

const FOREVER = "public, max-age=31536000, immutable";
const ASK_AGAIN = "no-cache";

export interface FrontParts {
  readonly store: Store;
  readonly index: FreshIndex;
  /** What is beside the repo: the explorer. */
  readonly pages: Pages;
  readonly warn: (message: string) => void;
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
}

/** A repo over HTTP, for reading: its files at `/repo/…`, and the index that tells what files there are. */
export class Front {
  readonly #parts: FrontParts;

  constructor(parts: FrontParts) {
    this.#parts = parts;
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, headers, body = "" } = await this.#answer(request).catch((error) => this.#failure(error));
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
    if (method === "OPTIONS") return preflight;
    if (method !== "GET" && method !== "HEAD")
      return {
        status: 405,
        headers: { allow: "GET, HEAD, OPTIONS" },
        body: "This repo is for reading only.\n",
      };
    const path = decoded(url.split(/[?#]/, 1)[0]!);
    if (path === undefined) return { status: 400, body: "This is no path.\n" };
    if (path.startsWith(`${REPO}/`)) return this.#file(path.slice(REPO.length + 1), request);
    return this.#parts.pages.answer(path) ?? missing;
  }

  async #file(path: string, request: IncomingMessage): Promise<Answer> {
    if (path === INDEX_PATH) return this.#index(request);
    const kind = kindOf(path);
    const bytes = kind && (await this.#parts.store.get(path));
    if (!bytes) return missing;
    return {
      status: 200,
      headers: {
        "content-type": "application/octet-stream",
        "cache-control": kind === "aside" ? ASK_AGAIN : FOREVER,
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

  #failure(error: unknown): Answer {
    const { message, code } = asLakotaError(error);
    this.#parts.warn(message);
    // The reader's client tries again later. What went wrong is for the one who serves, not for the world.
    return {
      status: 503,
      headers: { "cache-control": "no-store" },
      body: `The repo cannot be read (${code}).\n`,
    };
  }
}

const missing: Answer = {
  status: 404,
  headers: { "cache-control": "no-store" },
  body: "There is no such file.\n",
};

const preflight: Answer = {
  status: 204,
  headers: {
    "access-control-allow-methods": "GET, HEAD",
    "access-control-allow-headers": "*",
    "access-control-max-age": "3600",
  },
};

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
