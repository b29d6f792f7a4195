import { lazy } from "../../async/lazy.ts";
import { LakotaError, throwIfAborted } from "../../model/errors.ts";
import { progressOverAttempts, readBody, readText } from "../http/body.ts";
import { TransientError } from "../http/retry.ts";
import { Transport, type TransportOptions } from "../http/transport.ts";
import { isWebPage, WEB_PAGE_ADVICE } from "../http/web-page.ts";
import { checkPath, selectEntries } from "../path.ts";
import type { Entry, GetOptions, ListOptions, PutOptions, SignalOptions, Store } from "../store.ts";
import { type AddressOptions, S3Address } from "./address.ts";
import { EXPIRED, missingAsUndefined, PASSING, S3Error } from "./s3-error.ts";
import type { S3Writer, SendOptions } from "./s3-writer.ts";
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
  readonly #where: string;
  #writer: S3Writer | undefined;

  constructor(bucket: string, prefix = "", options: S3Options = {}) {
    const address = new S3Address(bucket, prefix, options);
    this.#address = address;
    this.uri = `s3://${bucket}/${address.prefix}`.replace(/\/$/, "");
    this.url = address.fileUrl("");
    this.#where = `${this.uri} at ${address.endpoint}`;
    this.#transport = new Transport(address.listUrl({}).slice(0, -2), options);
    this.#signer = new Signer(options, () => this.#transport.clock.now());
  }

  async get(path: string, options: GetOptions = {}): Promise<Uint8Array<ArrayBuffer> | undefined> {
    checkPath(path);
    const progress = progressOverAttempts(options.onBytes);
    // "no-store": the browser's HTTP cache would hold a second copy, and serve files that were deleted or
    // overwritten.
    const request: UnsignedRequest = { method: "GET", url: this.#address.fileUrl(path), cache: "no-store" };
    return missingAsUndefined(
      this.#send(
        request,
        `read ${path}`,
        (response, onPart) => readBody(response, progress(onPart)),
        options,
      ),
    );
  }

  async put(path: string, bytes: Uint8Array, options?: PutOptions): Promise<boolean> {
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
    this.#writer ??= new S3Writer(this, this.#address, this.#where, (...args) => this.#send(...args));
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
          throw this.#unusableListing(`lists the key "${entry.path}" there`);
        const path = entry.path.slice(root.length);
        known.set(path, { ...entry, path });
      }
      if (page.next === undefined) break;
      idlePages = known.size > before ? 0 : idlePages + 1;
      if (tokens.has(page.next)) throw this.#unusableListing("sends the same continuation token twice");
      if (idlePages > MAX_IDLE_PAGES) throw this.#unusableListing("sends page after page without a new key");
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
            throw new TransientError(
              new LakotaError("network", `Cannot ${doing} in ${this.#where}: ${WEB_PAGE_ADVICE}.`),
            );
          if (response.ok) return read(response, onBytes);
          const { readS3Error } = await loadErrorMessages();
          const error = await readS3Error(response, doing, this.#where, onBytes);
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

  #parseList(response: Response, xml: string, prefix: string, withTimes: boolean): ListPage {
    try {
      return parseListPage(xml, prefix, withTimes);
    } catch (cause) {
      const reason = /<Code>(\w+)<\/Code>/.exec(xml)?.[1]; // a slow listing may fail after status 200
      const why = isWebPage(response)
        ? `${WEB_PAGE_ADVICE}, or the endpoint is no S3 server`
        : reason
          ? `it responded ${reason}. Try again later`
          : "the response is not an S3 listing. Is the endpoint an S3 server?";
      const code = isWebPage(response) || reason ? "network" : "unsupported";
      throw new TransientError(new LakotaError(code, `Cannot list ${this.#where}: ${why}`, { cause }));
    }
  }

  #unusableListing(fault: string): LakotaError {
    const message = `Cannot list ${this.#where}: the server ${fault}. This is a fault of the server: update or report it.`;
    return new LakotaError("unsupported", message);
  }
}
