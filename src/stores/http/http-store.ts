import { untilAborted } from "../../async/abort.ts";
import { lazy } from "../../async/lazy.ts";
import { LakotaError, throwIfAborted } from "../../model/errors.ts";
import { INDEX_PATH, isSetAsidePrefix } from "../../model/layout.ts";
import { checkPath, encodePath, selectEntries } from "../path.ts";
import type { Entry, GetOptions, ListOptions, PutOptions, SignalOptions, Store } from "../store.ts";
import { progressOverAttempts, readBody } from "./body.ts";
import type { PublishedIndex } from "./published-index.ts";
import { Transport, type TransportOptions } from "./transport.ts";

/** An index that has not answered a certain listing yet may answer it this long after it was fetched: milliseconds. */
const BELIEVED = 10_000;

export interface HttpOptions extends TransportOptions {
  /** What a host that can be written asks of those who write, such as `lakota serve --writable`. */
  token?: string;
}

const loadIndexDecoder = lazy(() => import("./published-index.ts"));
const loadWriter = lazy(() => import("./http-writer.ts"));

/**
 * Files on a web host. A plain one is read only, and cannot be asked what files it has; a published index tells
 * what is in the folders of a repo. With a token, the host is one that also takes files, and lists them as they are now.
 */
export class HttpStore implements Store {
  readonly uri: string;
  /** URL below which the files are. */
  readonly url: string;
  readonly #query: string;
  readonly #transport: Transport;
  readonly #token: string | undefined;
  /** The last index, when it was fetched, and the listings that it has answered. */
  #index: { time: number; answered: Set<string>; index: Promise<PublishedIndex> } | undefined;

  /** @param url A folder, `http://` or `https://`. Its query, if any, is sent along with each request. */
  constructor(url: string, options: HttpOptions = {}) {
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
    this.#token = options.token;
  }

  async get(path: string, options: GetOptions = {}): Promise<Uint8Array<ArrayBuffer> | undefined> {
    checkPath(path);
    throwIfAborted(options.signal);
    if (this.#token) {
      // Such a host makes the index itself, and who may write knows better than the browser's cache what is there.
      return path === INDEX_PATH ? undefined : this.#fetch(path, "no-store", options);
    }
    if (options.reload) return this.#fetch(path, "reload", options);
    const index = await this.#index?.index.catch(() => undefined);
    return index?.files.get(path)?.slice() ?? this.#fetch(path, "default", options);
  }

  #fetch(path: string, cache: RequestCache, { signal, onBytes }: GetOptions) {
    const progress = progressOverAttempts(onBytes);
    const url = this.url + encodePath(path) + this.#query;
    const make = async () => new Request(url, { signal, cache });
    return this.#transport.send(make, (response) => this.#read(path, response, progress()), { signal });
  }

  /**
   * What the published index has of a folder; nothing of others. To open a repo takes one request: an index answers
   * each listing once, and is fetched again when one is asked for a second time.
   *
   * With a token: all that the host has.
   *
   * @throws `not-found` where there is no index.
   */
  async list(prefix: string, options: ListOptions = {}): Promise<Entry[]> {
    if (this.#token) return (await this.#writer()).list(prefix, options);
    const { startAfter, signal } = options;
    const folder = prefix.replace(/\/$/, "");
    if (isSetAsidePrefix(prefix)) return []; // a published copy has none
    const known = this.#index;
    const now = this.#transport.clock.now();
    if (!known || known.answered.has(prefix) || now - known.time > BELIEVED) {
      const index = this.#fetchIndex();
      const fetched = { time: now, answered: new Set<string>(), index };
      this.#index = fetched;
      index.catch(() => {
        if (this.#index === fetched) this.#index = undefined;
      });
    }
    const { answered, index } = this.#index!;
    answered.add(prefix);
    const { folders } = await untilAborted(index, signal);
    return selectEntries(folders.get(folder) ?? [], prefix, startAfter);
  }

  async #fetchIndex(): Promise<PublishedIndex> {
    // A browser asks whether its copy is still good. Those who read from S3 never need the decoder.
    const [bytes, { decodeIndex }] = await Promise.all([
      this.#fetch(INDEX_PATH, "no-cache", {}),
      loadIndexDecoder(),
    ]);
    if (bytes) return decodeIndex(bytes, this.uri);
    throw new LakotaError(
      "not-found",
      `${this.uri} has no index (${INDEX_PATH}), and a web host cannot list its files. Where the repo is written, ` +
        "run lakota publish once, or call repo.publish(); from then on the index is kept up to date.",
    );
  }

  async put(path: string, bytes: Uint8Array, options?: PutOptions): Promise<boolean> {
    return (await this.#writer()).put(path, bytes, options);
  }

  async delete(path: string, options?: SignalOptions): Promise<void> {
    return (await this.#writer()).delete(path, options);
  }

  async move(from: string, to: string, options?: SignalOptions): Promise<void> {
    return (await this.#writer()).move(from, to, options);
  }

  async #writer() {
    const { HttpWriter } = await loadWriter();
    return new HttpWriter(this, { query: this.#query, token: this.#token, transport: this.#transport });
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
}
