import { untilAborted } from "../../async/abort.ts";
import { lazy } from "../../async/lazy.ts";
import { LakotaError, throwIfAborted } from "../../model/errors.ts";
import { INDEX_PATH, isSetAsidePrefix } from "../../model/layout.ts";
import { checkPath, encodePath, selectEntries } from "../path.ts";
import {
  type Entry,
  type GetOptions,
  isUnreachable,
  type ListOptions,
  type PutOptions,
  type SignalOptions,
  type Store,
} from "../store.ts";
import { withoutSecrets } from "../uri.ts";
import { progressOverAttempts, rangeHeader, readBody, readPart } from "./body.ts";
import type { WrongBody } from "./error-messages.ts";
import type { PublishedFiles } from "./published-files.ts";
import { Transport, type TransportOptions } from "./transport.ts";
import { isMarkup, isWebPage } from "./web-page.ts";

/** Milliseconds for which a fetched index serves listings, each of them once. */
const INDEX_MAX_AGE = 10_000;

export interface HttpOptions extends TransportOptions {
  /** Token of a writable host, such as `lakota serve --writable`. */
  token?: string;
}

const loadPublishedFiles = lazy(() => import("./published-files.ts"));
const loadWriter = lazy(() => import("./http-writer.ts"));
const loadMessages = lazy(() => import("./error-messages.ts"));

type Bytes = Uint8Array<ArrayBuffer>;
interface Index {
  time: number;
  /** The prefixes of the listings that it has served. */
  served: Set<string>;
  files: Promise<PublishedFiles>;
}

/**
 * Files on a web host. A plain host is read-only and cannot list its files; listings come from the published
 * index of the repo. With a token, the host is a writable one, which also lists its current files.
 */
export class HttpStore implements Store {
  readonly uri: string;
  /** URL below which the files are. */
  readonly url: string;
  readonly #query: string;
  readonly #transport: Transport;
  readonly #token: string | undefined;
  /** The last index, and when it was fetched. */
  #index: Index | undefined;

  /** @param url a folder, `http://` or `https://`. Its query, if any, is sent along with each request. */
  constructor(url: string, options: HttpOptions = {}) {
    const base = URL.canParse(url) ? new URL(url) : undefined;
    if (!base || !/^https?:$/.test(base.protocol) || base.username) {
      throw new LakotaError(
        "invalid-argument",
        `"${withoutSecrets(url)}" cannot be the address of a repo. Pass https://host/folder, without a login.`,
      );
    }
    this.#query = base.search; // may hold a secret: no part of a message
    this.uri = `${base.origin}${base.pathname}`.replace(/\/+$/, "");
    this.url = `${this.uri}/`;
    this.#transport = new Transport(this.uri, options);
    this.#token = options.token;
  }

  /**
   * What seems to be missing is asked for once more, past the browser's HTTP cache: hosts let browsers keep the
   * response to a file that was not uploaded yet, for minutes or a year.
   */
  async get(path: string, options: GetOptions = {}): Promise<Bytes | undefined> {
    checkPath(path);
    throwIfAborted(options.signal);
    if (this.#token) {
      // A writable host makes its index itself. The browser's HTTP cache is bypassed, since writers change
      // the files.
      return path === INDEX_PATH ? undefined : this.#file(await this.#fetch(path, "no-store", options));
    }
    if (!options.reload) {
      const published = await this.#index?.files.catch(() => undefined);
      const found = published?.file(path) ?? (await this.#fetch(path, "default", options));
      if (found instanceof Uint8Array) return found;
    }
    return this.#file(await this.#fetch(path, "reload", options));
  }

  async getRange(
    path: string,
    from: number,
    to: number,
    { signal }: SignalOptions = {},
  ): Promise<Bytes | undefined> {
    const headers = { range: rangeHeader(from, to) };
    const cache = this.#token ? "no-store" : "default";
    const make = async (signal: AbortSignal) => new Request(this.#urlOf(path), { signal, headers, cache });
    return this.#transport.send(make, readPart, { signal });
  }

  #urlOf(path: string): string {
    return this.url + encodePath(path) + this.#query;
  }

  /**
   * Returns undefined for a web page: hosts of apps send one for each missing file.
   *
   * @throws `network` where one comes in place of the index, too
   */
  async #file(found: Bytes | WrongBody | undefined): Promise<Bytes | undefined> {
    if (!found || found instanceof Uint8Array) return found;
    await this.#latest().files.catch((error) => {
      if (isUnreachable(error)) throw error;
    });
    return undefined;
  }

  #fetch(path: string, cache: RequestCache, { signal, onBytes }: GetOptions) {
    const progress = progressOverAttempts(onBytes);
    const make = async (signal: AbortSignal) => new Request(this.#urlOf(path), { signal, cache });
    return this.#transport.send(make, (response, onPart) => this.#read(path, response, progress(onPart)), {
      signal,
    });
  }

  /**
   * Returns the files of a folder according to the published index; none for other prefixes. An index serves
   * each listing once, and is fetched again for a second listing of a prefix: opening a repo takes one
   * request.
   *
   * With a token, returns the files that the host lists.
   *
   * @throws `not-found` if there is no index
   */
  async list(prefix: string, options: ListOptions = {}): Promise<Entry[]> {
    if (this.#token) return (await this.#writer()).list(prefix, options);
    const { startAfter, signal } = options;
    const folder = prefix.replace(/\/$/, "");
    if (isSetAsidePrefix(prefix)) return []; // a published copy has none
    const { served, files } = this.#latest(prefix);
    served.add(prefix);
    const listing = files.then((published) => published.list(folder));
    return selectEntries(await untilAborted(listing, signal), prefix, startAfter);
  }

  /** Returns the index, or fetches it if it is old or has served a listing of `prefix`. Default: of a prefix that none has. */
  #latest(prefix = "/"): Index {
    const known = this.#index;
    const now = this.#transport.clock.now();
    if (known && !known.served.has(prefix) && now - known.time <= INDEX_MAX_AGE) return known;
    const fetched: Index = { time: now, served: new Set(), files: this.#fetchIndex() };
    this.#index = fetched;
    fetched.files.catch(() => {
      if (this.#index === fetched) this.#index = undefined;
    });
    return fetched;
  }

  async #fetchIndex(): Promise<PublishedFiles> {
    // "no-cache": the browser revalidates its copy.
    const [cached, { PublishedFiles }] = await Promise.all([
      this.#fetch(INDEX_PATH, "no-cache", {}),
      loadPublishedFiles(),
    ]);
    const found = cached instanceof Uint8Array ? cached : await this.#fetch(INDEX_PATH, "reload", {});
    return new PublishedFiles(found, this.uri, (path) => this.get(path));
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
    onBytes: (bytes: number) => void,
  ): Promise<Bytes | WrongBody | undefined> {
    const { ok, status } = response;
    if (status === 404 || status === 410) return undefined;
    if (ok) {
      const bytes = await readBody(response, onBytes);
      if (!isMarkup(bytes) || !(isWebPage(response) || path === INDEX_PATH)) return bytes;
      if (!this.#token) return { response, bytes };
      throw (await loadMessages()).wrongBody(path, this.uri);
    }
    throw (await loadMessages()).refusal(path, this.uri, response);
  }
}
