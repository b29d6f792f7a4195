import type { IncomingMessage } from "node:http";
import { LakotaError } from "../../model/errors.ts";
import { type FileKind, isIndexPath } from "../../model/parse-layout.ts";
import { checkPath } from "../../stores/path.ts";
import type { Store } from "../../stores/store.ts";
import type { HttpResponse } from "./response.ts";

export interface WriteHandlerOptions {
  readonly store: Store;
  readonly kindOf: (path: string) => FileKind | undefined;
  readonly mayWrite: (authorization: string | undefined) => boolean;
  /** Largest file accepted, in bytes. */
  readonly maxFile: number;
  /** Called after a revision was added, moved or deleted. */
  readonly changed: () => void;
  readonly warn: (message: string) => void;
}

/** Handles the requests that need the token: listing and writing. `docs/cli.md` describes the protocol. */
export class WriteHandler {
  readonly #options: WriteHandlerOptions;

  constructor(options: WriteHandlerOptions) {
    this.#options = options;
  }

  /** @param path below `/repo/` */
  async respond(path: string, search: URLSearchParams, request: IncomingMessage): Promise<HttpResponse> {
    if (!this.#options.mayWrite(request.headers.authorization)) return unauthorized;
    try {
      return await this.#dispatch(path, search, request);
    } catch (error) {
      if (!(error instanceof LakotaError)) throw error;
      if (error.code === "invalid-argument") return invalidPath;
      if (error.code !== "forbidden") throw error;
      this.#options.warn(error.message);
      return denied; // not 5xx: a retry would not help
    }
  }

  async #dispatch(path: string, search: URLSearchParams, request: IncomingMessage): Promise<HttpResponse> {
    const { kindOf, store, changed } = this.#options;
    const { method } = request;
    if (method === "GET" || method === "HEAD") return this.#list(search);
    const kind = kindOf(path);
    if (!kind && !(method === "PUT" && isIndexPath(path))) return invalidPath;
    if (method === "PUT") return this.#put(path, kind, request);
    if (method === "DELETE") {
      await store.delete(path);
      if (kind === "revision") changed();
      return done;
    }
    const to = search.get("move");
    if (method !== "POST" || to === null) return { status: 405, body: "Method not allowed.\n" };
    return kindOf(to) ? this.#move(path, to) : invalidPath;
  }

  async #list(search: URLSearchParams): Promise<HttpResponse> {
    const { store, kindOf } = this.#options;
    const prefix = search.get("list") ?? "";
    checkPath(`${prefix}0`); // stores need not check prefixes
    const startAfter = search.get("start-after") ?? "";
    const detail = search.get("detail") === "modified" ? "modified" : "size";
    const entries = await originOf(store).list(prefix, { startAfter, detail });
    const files = entries
      .filter(({ path }) => kindOf(path))
      .map(({ path, size, modified }) => (modified === undefined ? [path, size] : [path, size, modified]));
    return {
      status: 200,
      headers: { "content-type": "application/json", "cache-control": "no-store" },
      body: JSON.stringify({ lakota: 1, files }),
    };
  }

  async #put(path: string, kind: FileKind | undefined, request: IncomingMessage): Promise<HttpResponse> {
    const { store, maxFile, changed } = this.#options;
    const condition = request.headers["if-none-match"];
    if (condition !== undefined && condition !== "*")
      return { status: 400, body: "The only supported condition is If-None-Match: *\n" };
    const bytes = await bodyWithin(maxFile, request);
    if (!bytes) return { status: 413, body: `Files are limited to ${maxFile} bytes.\n` };
    if (!(await store.put(path, bytes, { overwrite: condition === undefined })))
      return { status: 412, body: "The file exists.\n" };
    if (kind === "revision") changed();
    return { status: 201 };
  }

  async #move(from: string, to: string): Promise<HttpResponse> {
    const { store, kindOf, changed } = this.#options;
    try {
      await store.move(from, to);
      if ([from, to].some((path) => kindOf(path) === "revision")) changed();
      return done;
    } catch (error) {
      if (error instanceof LakotaError && error.code === "not-found")
        return { status: 404, body: "No such file.\n" };
      throw error;
    }
  }
}

/** Returns the store behind caches: writers need a current listing, or an error, but never a cached one. */
function originOf(store: Store): Store {
  return store.local ? originOf(store.local.remoteStore) : store;
}

/** Returns the whole body, or undefined if it is larger than `limit`. Throws if the connection breaks. */
async function bodyWithin(limit: number, request: IncomingMessage): Promise<Uint8Array | undefined> {
  if (Number(request.headers["content-length"] ?? 0) > limit) return undefined;
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request) {
    length += part.length;
    if (length <= limit) parts.push(part); // the rest is read too: a client may send it all before it reads the response
  }
  return length <= limit ? Buffer.concat(parts) : undefined;
}

const done: HttpResponse = { status: 204 };

const unauthorized: HttpResponse = {
  status: 401,
  headers: { "www-authenticate": "Bearer", "cache-control": "no-store" },
  body: "Authorization: Bearer TOKEN is required, with the token of this server.\n",
};

const denied: HttpResponse = { status: 403, body: "The server lacks permission for this in its store.\n" };

const invalidPath: HttpResponse = { status: 400, body: "This is not a path of a repo file.\n" };
