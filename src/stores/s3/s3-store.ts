import { lazy } from "../../async/lazy.ts";
import { LakotaError, throwIfAborted } from "../../model/errors.ts";
import { progressOverAttempts, readBody } from "../http/body.ts";
import { bodyOf, isStored, RESENDS_SILENTLY } from "../http/lost-response.ts";
import { TransientError } from "../http/retry.ts";
import { Transport, type TransportOptions } from "../http/transport.ts";
import { checkPath, selectEntries } from "../path.ts";
import type { Entry, GetOptions, ListOptions, PutOptions, SignalOptions, Store } from "../store.ts";
import { type AddressOptions, S3Address } from "./address.ts";
import { EXPIRED, S3Error } from "./s3-error.ts";
import { type BareRequest, Signer, type SignOptions } from "./signer.ts";
import { parseListPage, parseXml } from "./xml.ts";

export type { Credentials } from "./signer.ts";

export interface S3Options extends AddressOptions, SignOptions, TransportOptions {}

interface SendOptions {
  signal?: AbortSignal;
  onFailure?: () => void;
}

/** Past this, a wrong clock is the likely reason of a refusal. S3 itself allows a quarter of an hour. */
const TOLERATED_SKEW = 5 * 60_000;

const loadErrorMessages = lazy(() => import("./error-messages.ts"));

/**
 * Files in a bucket of S3, or of one of its many clones.
 *
 * Reading and listing sign the URL and send no headers of their own, so that a browser need not ask first
 * (no CORS preflight). Writing does ask; the bucket's CORS rules must then allow PUT and DELETE, and the
 * headers `authorization`, `if-none-match` and `x-amz-*`.
 *
 * `put` asks the server for "only if it is not there" (`If-None-Match: *`). Where the server says that it is,
 * but an answer may have been lost on the way, the file is read back: the same bytes count as our own.
 *
 * @example
 * const store = new S3Store("my-bucket", "some/folder", { region: "eu-west-1", credentials: fetchKeys });
 */
export class S3Store implements Store {
  readonly uri: string;
  /** URL below which the files are: tells apart buckets of one name at two endpoints. */
  readonly url: string;
  readonly #address: S3Address;
  readonly #signer: Signer;
  readonly #transport: Transport;
  readonly #where: string;
  /** Whether the server knows If-None-Match; false once it answered that it does not. */
  #conditional = true;

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
    // The browser's own cache would keep every file a second time, and answer for one that is gone or was overwritten.
    const ask: BareRequest = { method: "GET", url: this.#address.fileUrl(path), cache: "no-store" };
    return missingAsUndefined(
      this.#send(ask, `read ${path}`, (response) => readBody(response, progress()), options),
    );
  }

  /** Files never change, and say so to whoever serves them, an index aside: that is the only one to be overwritten. */
  async put(path: string, bytes: Uint8Array, options: PutOptions = {}): Promise<boolean> {
    checkPath(path);
    const { signal } = options;
    const url = this.#address.fileUrl(path);
    const body = bodyOf(bytes);
    const doing = `write ${path}`;
    let answerLost = RESENDS_SILENTLY;
    const send = (headers: Record<string, string>) =>
      this.#send({ method: "PUT", url, body, headers }, doing, async () => true, {
        signal,
        onFailure: () => {
          answerLost = true;
        },
      });
    if (options.overwrite) return send({ "cache-control": "no-cache" });
    const headers = { "cache-control": "public, max-age=31536000, immutable" };
    try {
      if (this.#conditional) return await send({ ...headers, "if-none-match": "*" });
    } catch (error) {
      if (!(error instanceof S3Error)) throw error;
      if (error.status === 412) return answerLost && isStored(this, path, bytes, options);
      if (error.status !== 501) throw error;
      this.#conditional = false;
    }
    return (await this.#exists(path, signal)) ? false : send(headers);
  }

  async list(prefix: string, options: ListOptions = {}): Promise<Entry[]> {
    const { startAfter, signal } = options;
    const root = this.#address.prefix;
    const query: Record<string, string> = { "list-type": "2", "encoding-type": "url", prefix: root + prefix };
    if (startAfter) query["start-after"] = root + startAfter;
    const entries: Entry[] = [];
    for (;;) {
      const ask: BareRequest = { method: "GET", url: this.#address.listUrl(query), cache: "no-store" };
      const page = await this.#send(ask, "list it", async (r) => this.#parseList(await r.text()), { signal });
      for (const { path, size } of page.entries) {
        // Consoles make empty objects that end in a slash and stand for folders.
        if (path.startsWith(root) && !path.endsWith("/"))
          entries.push({ path: path.slice(root.length), size });
      }
      if (page.next === undefined) break;
      query["continuation-token"] = page.next;
    }
    return selectEntries(entries, prefix, startAfter);
  }

  async delete(path: string, options: SignalOptions = {}): Promise<void> {
    checkPath(path);
    const ask: BareRequest = { method: "DELETE", url: this.#address.fileUrl(path) };
    await missingAsUndefined(this.#send(ask, `delete ${path}`, async () => undefined, options));
  }

  /** A copy, then a delete: seen in between, the file is in both places. */
  async move(from: string, to: string, options: SignalOptions = {}): Promise<void> {
    checkPath(from);
    checkPath(to);
    const headers = { "x-amz-copy-source": this.#address.copySource(from) };
    const ask: BareRequest = { method: "PUT", url: this.#address.fileUrl(to), headers };
    await this.#send(ask, `move ${from} to ${to}`, (response) => this.#checkCopy(response, from), options);
    await this.delete(from, options);
  }

  #exists(path: string, signal: AbortSignal | undefined): Promise<true | undefined> {
    const ask: BareRequest = { method: "HEAD", url: this.#address.fileUrl(path), cache: "no-store" };
    return missingAsUndefined(this.#send(ask, `look for ${path}`, async () => true as const, { signal }));
  }

  /** Sends until there is an answer, and once more where fresh keys or the right time may turn a refusal. */
  async #send<T>(
    ask: BareRequest,
    doing: string,
    read: (response: Response) => Promise<T>,
    options: SendOptions,
  ): Promise<T> {
    const { signal, onFailure } = options;
    throwIfAborted(signal);
    const { generation } = this.#signer;
    const send = () =>
      this.#transport.send(
        () => this.#signer.sign(ask, signal),
        async (response) => {
          if (response.ok) return read(response);
          const { readS3Error } = await loadErrorMessages();
          const error = await readS3Error(response, doing, this.#where);
          // Two conditional writes at once: the server asks that one be repeated.
          throw error.reason === "ConditionalRequestConflict" ? new TransientError(error) : error;
        },
        { signal, onFailure },
      );
    try {
      return await send();
    } catch (error) {
      if (!(error instanceof S3Error && this.#canMend(error, generation))) throw error;
      return send();
    }
  }

  #canMend(error: S3Error, generation: number): boolean {
    if (EXPIRED.has(error.reason)) return this.#signer.forget(generation);
    if (error.status !== 403 || error.serverTime === undefined) return false;
    const offset = error.serverTime - this.#transport.clock.now();
    if (Math.abs(offset - this.#signer.clockOffset) < TOLERATED_SKEW) return false;
    this.#signer.clockOffset = offset;
    return true;
  }

  #parseList(xml: string) {
    try {
      return parseListPage(xml);
    } catch (cause) {
      const message = `Cannot list ${this.#where}: the answer is not an S3 listing. Is the endpoint an S3 server?`;
      throw new LakotaError("unsupported", message, { cause });
    }
  }

  /** A copy that takes long may fail after S3 has answered 200. */
  async #checkCopy(response: Response, from: string): Promise<void> {
    const document = parseXml(await response.text());
    if (document.name !== "Error") return;
    const message = `${this.#where} could not copy ${from}: ${document.children.map((c) => c.text).join(", ")}.`;
    throw new TransientError(new LakotaError("network", message));
  }
}

async function missingAsUndefined<T>(asking: Promise<T>): Promise<T | undefined> {
  try {
    return await asking;
  } catch (error) {
    if (error instanceof S3Error && error.status === 404 && error.reason !== "NoSuchBucket") return undefined;
    throw error;
  }
}
