import { LakotaError, throwIfAborted } from "../model/errors.ts";
import { untilAborted } from "./abort.ts";
import { progressOverAttempts, readBody } from "./body.ts";
import { checkPath, encodePath, INDEX_PATH, selectEntries } from "./path.ts";
import type { PublishedIndex } from "./published.ts";
import type { Entry, GetOptions, ListOptions, Store } from "./store.ts";
import { Transport, type TransportOptions } from "./transport.ts";

/** An index that has not answered a certain listing yet may answer it this long after it was fetched: milliseconds. */
const BELIEVED = 10_000;

/**
 * Files on a plain web host: reading only. Such a host cannot be asked what files it has; a published index tells
 * what is in the folders of a repo.
 */
export class HttpStore implements Store {
  readonly uri: string;
  /** URL below which the files are. */
  readonly url: string;
  readonly #query: string;
  readonly #transport: Transport;
  /** The last index, when it was fetched, and the listings that it has answered. */
  #index: { time: number; answered: Set<string>; index: Promise<PublishedIndex> } | undefined;

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
    throwIfAborted(options.signal);
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
   * @throws `not-found` where there is no index.
   */
  async list(prefix: string, { startAfter, signal }: ListOptions = {}): Promise<Entry[]> {
    const folder = prefix.replace(/\/$/, "");
    if (/^..\/..\/[0-9a-f]{36}\./.test(prefix)) return []; // chunks set aside are of no concern to readers of a copy
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
      import("./published.ts"),
    ]);
    if (bytes) return decodeIndex(bytes, this.uri);
    throw new LakotaError(
      "not-found",
      `${this.uri} has no index (${INDEX_PATH}), and a web host cannot list its files. Where the repo is written, ` +
        "call repo.publish() once; from then on the index is kept up to date.",
    );
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
    const advice = "Open the bucket itself (s3://), or pull the repo into a store of your own.";
    throw new LakotaError(
      "unsupported",
      `${this.uri} is a plain web host: it cannot ${operation}. ${advice}`,
    );
  }
}
