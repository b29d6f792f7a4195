import { LakotaError, throwIfAborted } from "../model/errors.ts";
import { progressOverAttempts, readBody } from "./body.ts";
import { checkPath, encodePath } from "./path.ts";
import type { Entry, GetOptions, Store } from "./store.ts";
import { Transport, type TransportOptions } from "./transport.ts";

/**
 * Files on a plain web host: reading only. Such a host cannot be asked what files it has, so `list` is
 * `unsupported`.
 */
export class HttpStore implements Store {
  readonly uri: string;
  /** URL below which the files are. */
  readonly url: string;
  readonly #query: string;
  readonly #transport: Transport;

  /** @param url A folder, `http://` or `https://`. Its query, if any, is sent along with each request. */
  constructor(url: string, options: TransportOptions = {}) {
    const base = URL.canParse(url) ? new URL(url) : undefined;
    if (!base || !/^https?:$/.test(base.protocol) || base.username) {
      throw new LakotaError(
        "invalid-argument",
        `"${url}" cannot be the address of a repo. Say https://host/folder.`,
      );
    }
    this.#query = base.search; // may hold a secret: no part of a message
    this.uri = `${base.origin}${base.pathname}`.replace(/\/+$/, "");
    this.url = `${this.uri}/`;
    this.#transport = new Transport(this.uri, options);
  }

  async get(path: string, options: GetOptions = {}): Promise<Uint8Array<ArrayBuffer> | undefined> {
    checkPath(path);
    const { signal, reload, onBytes } = options;
    throwIfAborted(signal);
    const progress = progressOverAttempts(onBytes);
    const url = this.url + encodePath(path) + this.#query;
    const make = async () => new Request(url, { signal, cache: reload ? "reload" : "default" });
    return this.#transport.send(make, (response) => this.#read(path, response, progress()), { signal });
  }

  async list(): Promise<Entry[]> {
    return this.#cannot("list files");
  }

  async put(): Promise<boolean> {
    return this.#cannot("write files");
  }

  async delete(): Promise<void> {
    this.#cannot("delete files");
  }

  async move(): Promise<void> {
    this.#cannot("rename files");
  }

  async #read(
    path: string,
    response: Response,
    onBytes: ((bytes: number) => void) | undefined,
  ): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const { ok, status } = response;
    if (status === 404 || status === 410) return undefined;
    // Hosts of single-page apps answer every unknown address with the app.
    if (ok && response.headers.get("content-type")?.startsWith("text/html")) return undefined;
    if (ok) return readBody(response, onBytes);
    const refused = status === 401 || status === 403;
    const why = refused ? "Does the address need a login, or a token in its query?" : response.statusText;
    throw new LakotaError(
      refused ? "forbidden" : "network",
      `${this.uri} answers ${status} to ${path}. ${why}`,
    );
  }

  #cannot(operation: string): never {
    const advice = "Open the bucket itself (s3://) or a copy of the repo instead.";
    throw new LakotaError(
      "unsupported",
      `${this.uri} is a plain web host: it cannot ${operation}. ${advice}`,
    );
  }
}
