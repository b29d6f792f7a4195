import type { IncomingMessage } from "node:http";
import { LakotaError } from "../../model/errors.ts";
import { type FileKind, INDEX_PATH } from "../../model/layout.ts";
import { CacheStore } from "../../stores/cache/cache-store.ts";
import { checkPath } from "../../stores/path.ts";
import type { Store } from "../../stores/store.ts";
import type { Answer } from "./answer.ts";

export interface WritingParts {
  readonly store: Store;
  readonly kindOf: (path: string) => FileKind | undefined;
  readonly mayWrite: (authorization: string | undefined) => boolean;
  /** Bytes. */
  readonly maxFile: number;
  /** Told that there are other revisions than before. */
  readonly changed: () => void;
  readonly warn: (message: string) => void;
}

/** What those may do who bear the token: the protocol is in `docs/cli.md`. */
export class Writing {
  readonly #parts: WritingParts;

  constructor(parts: WritingParts) {
    this.#parts = parts;
  }

  /** @param path below `/repo/` */
  async answer(path: string, search: URLSearchParams, request: IncomingMessage): Promise<Answer> {
    if (!this.#parts.mayWrite(request.headers.authorization)) return unauthorized;
    try {
      return await this.#answer(path, search, request);
    } catch (error) {
      if (!(error instanceof LakotaError)) throw error;
      if (error.code === "invalid-argument") return strange;
      if (error.code !== "forbidden") throw error;
      this.#parts.warn(error.message);
      return denied; // trying again is of no use
    }
  }

  async #answer(path: string, search: URLSearchParams, request: IncomingMessage): Promise<Answer> {
    const { kindOf, store, changed } = this.#parts;
    const { method } = request;
    if (method === "GET" || method === "HEAD") return this.#list(search);
    const kind = kindOf(path);
    if (!kind && !(method === "PUT" && path === INDEX_PATH)) return strange;
    if (method === "PUT") return this.#put(path, kind, request);
    if (method === "DELETE") {
      await store.delete(path);
      if (kind === "revision") changed();
      return done;
    }
    const to = search.get("move");
    if (method !== "POST" || to === null) return { status: 405, body: "This is none of the verbs here.\n" };
    return kindOf(to) ? this.#move(path, to) : strange;
  }

  async #list(search: URLSearchParams): Promise<Answer> {
    const { store, kindOf } = this.#parts;
    const prefix = search.get("list") ?? "";
    checkPath(`${prefix}0`); // a store need not check what no file can begin with
    const entries = await originOf(store).list(prefix, { startAfter: search.get("start-after") ?? "" });
    const files = entries.filter(({ path }) => kindOf(path)).map(({ path, size }) => [path, size]);
    return {
      status: 200,
      headers: { "content-type": "application/json", "cache-control": "no-store" },
      body: JSON.stringify({ lakota: 1, files }),
    };
  }

  async #put(path: string, kind: FileKind | undefined, request: IncomingMessage): Promise<Answer> {
    const { store, maxFile, changed } = this.#parts;
    const condition = request.headers["if-none-match"];
    if (condition !== undefined && condition !== "*")
      return { status: 400, body: "The only condition here is If-None-Match: *\n" };
    const bytes = await bodyWithin(maxFile, request);
    if (!bytes) return { status: 413, body: `No file may have more than ${maxFile} bytes.\n` };
    if (!(await store.put(path, bytes, { overwrite: condition === undefined })))
      return { status: 412, body: "It is there.\n" };
    if (kind === "revision") changed();
    return { status: 201 };
  }

  async #move(from: string, to: string): Promise<Answer> {
    try {
      await this.#parts.store.move(from, to);
      return done;
    } catch (error) {
      if (error instanceof LakotaError && error.code === "not-found")
        return { status: 404, body: "It is not there.\n" };
      throw error;
    }
  }
}

/** Writers build on what is there: when that is out of reach, a cache's last listing will not do. */
function originOf(store: Store): Store {
  return store instanceof CacheStore ? originOf(store.far) : store;
}

/** The whole body, or nothing if it is larger. Throws where it breaks off. */
async function bodyWithin(limit: number, request: IncomingMessage): Promise<Uint8Array | undefined> {
  if (Number(request.headers["content-length"] ?? 0) > limit) return undefined;
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request) {
    length += part.length;
    if (length <= limit) parts.push(part); // the rest is heard to its end: else the client would not hear the answer
  }
  return length <= limit ? Buffer.concat(parts) : undefined;
}

const done: Answer = { status: 204 };

const unauthorized: Answer = {
  status: 401,
  headers: { "www-authenticate": "Bearer", "cache-control": "no-store" },
  body: "This takes Authorization: Bearer TOKEN, with the token of this server.\n",
};

const denied: Answer = { status: 403, body: "The server may not do this in its own store.\n" };

const strange: Answer = { status: 400, body: "A repo has no file of this name.\n" };
