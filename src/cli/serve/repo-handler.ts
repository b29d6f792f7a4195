import type { IncomingMessage, ServerResponse } from "node:http";
import { type Clock, systemClock } from "../../async/clock.ts";
import { asLakotaError } from "../../model/errors.ts";
import { INDEX_PATH } from "../../model/layout.ts";
import type { FileKind } from "../../model/parse-layout.ts";
import type { Store } from "../../stores/store.ts";
import type { FreshIndex } from "./fresh-index.ts";
import type { Gate } from "./gate.ts";
import type { HttpResponse } from "./response.ts";
import type { StaticFiles } from "./static-files.ts";
import type { WriteHandler } from "./write-handler.ts";

/** Path of the repo on the server. */
export const REPO_PATH = "/repo";

const IMMUTABLE = "public, max-age=31536000, immutable";
const REVALIDATE = "no-cache";
const ON_ALL_RESPONSES = {
  "x-content-type-options": "nosniff",
  "cross-origin-resource-policy": "same-origin",
};
/** Milliseconds after which a response that is still being made begins, and then continues, with a space. */
const HEARTBEAT = 2_000;
/** Spaces after which a client may give up: the store is not slow then, but silent. */
const MAX_HEARTBEATS = 300;

export interface RepoHandlerOptions {
  readonly store: Store;
  readonly index: FreshIndex;
  /** Whom to answer. */
  readonly gate: Gate;
  /** Files outside the repo: the explorer. */
  readonly staticFiles: StaticFiles;
  /** Classifies a path in the repo; other paths are not served. */
  readonly kindOf: (path: string) => FileKind | undefined;
  /** Absent: the repo is read-only. */
  readonly writeHandler?: WriteHandler;
  readonly warn: (message: string) => void;
  readonly clock?: Clock;
}

/** Serves a repo over HTTP: its files at `/repo/…`, with an index made on request. */
export class RepoHandler {
  readonly #options: RepoHandlerOptions;

  constructor(options: RepoHandlerOptions) {
    this.#options = options;
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const headers = { ...ON_ALL_RESPONSES, ...this.#options.gate.headers(request) };
    const heartbeat = this.#isListing(request)
      ? new Heartbeat(request, response, headers, this.#clock)
      : undefined;
    const {
      status,
      headers: ownHeaders,
      body = "",
    } = await this.#respond(request)
      .catch((error) => this.#failure(error, request))
      .finally(() => heartbeat?.stop());
    const bytes = typeof body === "string" ? Buffer.from(body) : body;
    if (response.headersSent) {
      // The status can no longer tell of a failure, but a broken connection can.
      if (status === 200) response.end(bytes);
      else response.destroy();
      return;
    }
    const hasNoBody = status === 204 || status === 304;
    response.writeHead(status, {
      ...headers,
      ...(!hasNoBody && { "content-length": bytes.length }),
      ...ownHeaders,
    });
    response.end(request.method === "HEAD" ? undefined : bytes);
  }

  get #clock(): Clock {
    return this.#options.clock ?? systemClock;
  }

  /** Whether the response is JSON that may take long to make: a listing, or the index. */
  #isListing(request: IncomingMessage): boolean {
    const { method, url = "/" } = request;
    const [address, query] = url.split("?");
    if (method !== "GET" || this.#options.gate.refusal(request)) return false;
    if (address === `${REPO_PATH}/${INDEX_PATH}`) return true;
    return address === `${REPO_PATH}/` && new URLSearchParams(query).has("list");
  }

  async #respond(request: IncomingMessage): Promise<HttpResponse> {
    const { method = "GET", url = "/" } = request;
    const { gate, writeHandler, staticFiles } = this.#options;
    const refusal = gate.refusal(request);
    if (refusal) return refusal;
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
    const headers = {
      "content-type": "application/octet-stream",
      "cache-control": kind === "set-aside" || kind === "claim" ? REVALIDATE : IMMUTABLE,
      "accept-ranges": "bytes",
    };
    const range = rangeOf(request.headers.range, bytes.length);
    if (!range) return { status: 200, headers, body: bytes };
    const [from, to] = range;
    return {
      status: 206,
      headers: { ...headers, "content-range": `bytes ${from}-${to - 1}/${bytes.length}` },
      body: bytes.subarray(from, to),
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

/**
 * Begins a JSON response that takes long with spaces, which JSON ignores: clients give up a server from which no
 * byte arrives.
 */
class Heartbeat {
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #clock: Clock;
  #left = MAX_HEARTBEATS;
  #cancel: () => void = () => {};

  /** @param headers of every response to the request */
  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    headers: Readonly<Record<string, string>>,
    clock: Clock,
  ) {
    this.#request = request;
    this.#response = response;
    this.#headers = headers;
    this.#clock = clock;
    this.#startTimer();
    response.once("close", () => this.stop());
  }

  stop(): void {
    this.#cancel();
  }

  #startTimer(): void {
    this.#cancel = this.#clock.timer(HEARTBEAT, () => {
      if (!this.#response.headersSent) {
        const headers = { "content-type": "application/json", "cache-control": "no-store" };
        this.#response.writeHead(200, { ...this.#headers, ...headers });
        delete this.#request.headers["if-none-match"]; // too late for 304
      }
      this.#response.write(" ");
      if (--this.#left > 0) this.#startTimer();
    });
  }
}

/** Returns the bytes that a `Range` header asks for: one range within the file. Undefined for all others, and none. */
function rangeOf(header: string | undefined, size: number): [from: number, to: number] | undefined {
  const [, from, last] = /^bytes=(\d{1,15})-(\d{1,15})$/.exec(header ?? "") ?? [];
  const to = Number(last) + 1;
  return from !== undefined && Number(from) < to && to <= size ? [Number(from), to] : undefined;
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
