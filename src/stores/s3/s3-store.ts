import { lazy } from "../../async/lazy.ts";
import { type LakotaError, throwIfAborted } from "../../model/errors.ts";
import { INDEX_PATH, isHashedPath } from "../../model/layout.ts";
import { progressOverAttempts, rangeHeader, readBody, readPart, readText } from "../http/body.ts";
import type { PublishedFiles } from "../http/published-files.ts";
import { TransientError } from "../http/retry.ts";
import { Transport, type TransportOptions } from "../http/transport.ts";
import { isMarkup, isWebPage } from "../http/web-page.ts";
import { checkPath, selectEntries } from "../path.ts";
import type { Entry, GetOptions, ListOptions, PutOptions, SignalOptions, Store } from "../store.ts";
import { type AddressOptions, S3Address } from "./address.ts";
import type { Target } from "./error-messages.ts";
import { EXPIRED, missingAsUndefined, PASSING, S3Error } from "./s3-error.ts";
import type { S3Writer } from "./s3-writer.ts";
import type { SendOptions } from "./send.ts";
import { Signer, type SignOptions, type UnsignedRequest } from "./signer.ts";
import { type ListPage, parseListPage } from "./xml.ts";

export interface S3Options extends AddressOptions, SignOptions, TransportOptions {}

/**
 * Clock difference in milliseconds from which a refused request is signed again. S3 itself tolerates 15
 * minutes.
 */
const TOLERATED_SKEW = 5 * 60_000;

/** Pages of a listing without a new key after which it is given up. Servers send some without any key. */
const MAX_IDLE_PAGES = 1_000;

const loadWriter = lazy(() => import("./s3-writer.ts"));
const loadErrorMessages = lazy(() => import("./error-messages.ts"));
const loadPublishedFiles = lazy(() => import("../http/published-files.ts"));

/**
 * Files in a bucket of S3 or of a compatible service.
 *
 * Reading and listing sign the URL and add no headers, so that browsers need no CORS preflight. Writing needs
 * one: the bucket's CORS rules must allow PUT and DELETE, and the headers `authorization`, `if-none-match`,
 * `cache-control` and `x-amz-*`.
 *
 * `put` is conditional (`If-None-Match: *`). If the file exists, but the response to an earlier attempt may
 * have been lost, the file is read back: equal bytes count as a successful write. So is a file whose
 * acknowledgement has no ETag: it may come from something that is no S3 server. (In browsers, the CORS rules
 * should expose `ETag`, which saves that request.)
 *
 * @example
 * const store = new S3Store("my-bucket", "some/folder", { region: "eu-west-1", credentials: fetchKeys });
 */
export class S3Store implements Store {
  readonly uri: string;
  /** URL of the folder of all files. Unlike `uri` it includes the endpoint. */
  readonly url: string;
  readonly #address: S3Address;
  readonly #signer: Signer;
  readonly #transport: Transport;
  readonly #target: Target;
  #writer: S3Writer | undefined;
  /** The index, if the repo was published; asked for once. */
  #published: Promise<PublishedFiles | undefined> | undefined;

  constructor(bucket: string, prefix = "", options: S3Options = {}) {
    const address = new S3Address(bucket, prefix, options);
    this.#address = address;
    this.uri = `s3://${bucket}/${address.prefix}`.replace(/\/$/, "");
    this.url = address.fileUrl("");
    this.#target = { address, where: `${this.uri} at ${address.endpoint}` };
    this.#transport = new Transport(address.listUrl({}).slice(0, -2), options);
    this.#signer = new Signer(options, () => this.#transport.clock.now());
  }

  async get(path: string, options: GetOptions = {}): Promise<Uint8Array<ArrayBuffer> | undefined> {
    checkPath(path);
    // The index has revisions only, and those before it arrives were asked for together with it.
    const published = options.reload || isHashedPath(path) ? undefined : await this.#published;
    return published?.file(path) ?? this.#fetch(path, options);
  }

  async expected(prefix: string): Promise<Entry[] | undefined> {
    this.#published ??= this.#openIndex().catch(() => undefined); // it only saves time
    return (await this.#published)?.newest(prefix.slice(0, -1));
  }

  async #openIndex(): Promise<PublishedFiles> {
    const [bytes, { PublishedFiles }] = await Promise.all([
      this.#fetch(INDEX_PATH, {}),
      loadPublishedFiles(),
    ]);
    return new PublishedFiles(bytes, this.uri, (path) => this.#fetch(path, {}));
  }

  #fetch(path: string, options: GetOptions): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const progress = progressOverAttempts(options.onBytes);
    // "no-store": the browser's HTTP cache would hold a second copy, and serve files that were deleted or
    // overwritten.
    const request: UnsignedRequest = { method: "GET", url: this.#address.fileUrl(path), cache: "no-store" };
    const doing = `read ${path}`;
    const read = async (response: Response, onPart: (bytes: number) => void) => {
      const bytes = await readBody(response, progress(onPart));
      if (isWebPage(response) && isMarkup(bytes))
        throw (await loadErrorMessages()).webPageError(doing, this.#target);
      return bytes;
    };
    return missingAsUndefined(this.#send(request, doing, read, options));
  }

  async getRange(
    path: string,
    from: number,
    to: number,
    options: SignalOptions = {},
  ): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const headers = { range: rangeHeader(from, to) };
    const request: UnsignedRequest = {
      method: "GET",
      url: this.#address.fileUrl(path),
      cache: "no-store",
      headers,
    };
    return missingAsUndefined(this.#send(request, `read ${path}`, readPart, options));
  }

  /**
   * @param bytes chunks replace an existing file, and are sent in several parts if need be: see `multipart.ts`. No retry
   * asks for them again
   */
  async put(
    path: string,
    bytes: Uint8Array | AsyncIterable<Uint8Array>,
    options?: PutOptions,
  ): Promise<boolean> {
    return (await this.#write()).put(path, bytes, options);
  }

  async delete(path: string, options?: SignalOptions): Promise<void> {
    return (await this.#write()).delete(path, options);
  }

  async move(from: string, to: string, options?: SignalOptions): Promise<void> {
    return (await this.#write()).move(from, to, options);
  }

  /** Returns the writer, which readers never load. */
  async #write(): Promise<S3Writer> {
    const { S3Writer } = await loadWriter();
    this.#writer ??= new S3Writer(this, this.#address, this.#target.where, (...args) => this.#send(...args));
    return this.#writer;
  }

  async list(prefix: string, options: ListOptions = {}): Promise<Entry[]> {
    const { startAfter, signal, detail } = options;
    const root = this.#address.prefix;
    const query: Record<string, string> = { "list-type": "2", "encoding-type": "url", prefix: root + prefix };
    if (startAfter) query["start-after"] = root + startAfter;
    const known = new Map<string, Entry>();
    const tokens = new Set<string>();
    for (let idlePages = 0; ; ) {
      const request: UnsignedRequest = {
        method: "GET",
        url: this.#address.listUrl(query),
        cache: "no-store",
      };
      const page = await this.#send(
        request,
        "list it",
        async (response, onBytes) =>
          this.#parseList(response, await readText(response, onBytes), root + prefix, detail === "modified"),
        { signal },
      );
      const before = known.size;
      for (const entry of page.entries) {
        if (!entry.path.startsWith(root + prefix))
          throw await this.#unusableListing(`lists the key "${entry.path}" there`);
        const path = entry.path.slice(root.length);
        known.set(path, { ...entry, path });
      }
      if (page.next === undefined) break;
      idlePages = known.size > before ? 0 : idlePages + 1;
      if (tokens.has(page.next)) throw await this.#unusableListing("sends the same continuation token twice");
      if (idlePages > MAX_IDLE_PAGES) throw await this.#unusableListing("sends pages without a new key");
      tokens.add(page.next);
      query["continuation-token"] = page.next;
    }
    // S3 consoles create empty objects with a trailing slash for folders.
    const files = [...known.values()].filter(({ path }) => path !== "" && !path.endsWith("/"));
    return selectEntries(files, prefix, startAfter);
  }

  /** Sends a request with retries, and once more if it was refused for expired keys or a wrong clock. */
  async #send<T>(
    request: UnsignedRequest,
    doing: string,
    read: (response: Response, onBytes: (bytes: number) => void) => Promise<T>,
    options: SendOptions,
  ): Promise<T> {
    const { signal, onFailure } = options;
    throwIfAborted(signal);
    const { generation, clockOffset } = this.#signer;
    const send = () =>
      this.#transport.send(
        (ending) => this.#signer.sign(request, ending),
        async (response, onBytes) => {
          if (response.ok && request.method !== "GET" && isWebPage(response))
            throw (await loadErrorMessages()).webPageError(doing, this.#target);
          if (response.ok) return read(response, onBytes);
          const { readS3Error } = await loadErrorMessages();
          const error = await readS3Error(response, doing, this.#target, onBytes);
          throw PASSING.has(error.reason) ? new TransientError(error) : error;
        },
        { signal, upload: request.body?.length, onFailure },
      );
    try {
      return await send();
    } catch (error) {
      if (!(error instanceof S3Error && this.#canRecover(error, generation, clockOffset))) throw error;
      return send();
    }
  }

  /** @param clockOffset with which the request was signed: another one may have corrected it meanwhile */
  #canRecover(error: S3Error, generation: number, clockOffset: number): boolean {
    if (EXPIRED.has(error.reason)) return this.#signer.forget(generation);
    if (error.status !== 403 || error.serverTime === undefined) return false;
    const offset = error.serverTime - this.#transport.clock.now();
    if (Math.abs(offset - clockOffset) < TOLERATED_SKEW) return false;
    this.#signer.clockOffset = offset;
    return true;
  }

  async #parseList(response: Response, xml: string, prefix: string, withTimes: boolean): Promise<ListPage> {
    try {
      return parseListPage(xml, prefix, withTimes);
    } catch (cause) {
      throw (await loadErrorMessages()).unreadableListing(response, xml, this.#target, cause);
    }
  }

  async #unusableListing(fault: string): Promise<LakotaError> {
    return (await loadErrorMessages()).unusableListing(fault, this.#target);
  }
}
