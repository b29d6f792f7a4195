import { lazy } from "../../async/lazy.ts";
import { LakotaError } from "../../model/errors.ts";
import { readText } from "../http/body.ts";
import { bodyOf, isStored, RESENDS_SILENTLY } from "../http/lost-response.ts";
import { TransientError } from "../http/retry.ts";
import { checkPath } from "../path.ts";
import type { PutOptions, SignalOptions, Store } from "../store.ts";
import type { S3Address } from "./address.ts";
import { missingAsUndefined, S3Error } from "./s3-error.ts";
import type { Send } from "./send.ts";
import type { UnsignedRequest } from "./signer.ts";
import { parseXml } from "./xml.ts";

const loadMultipart = lazy(() => import("./multipart.ts"));

/** Times that a file is sent to a server that acknowledges it, but does not have it. */
const MAX_UNSTORED = 3;

/** Changes files in a bucket, for {@link S3Store}. Loaded on demand: readers never need it. */
export class S3Writer {
  readonly #store: Store;
  readonly #address: S3Address;
  readonly #where: string;
  readonly #send: Send;
  /** Whether the server supports If-None-Match, as far as known. */
  #conditional = true;

  /** @param where the bucket and its endpoint, for messages */
  constructor(store: Store, address: S3Address, where: string, send: Send) {
    this.#store = store;
    this.#address = address;
    this.#where = where;
    this.#send = send;
  }

  /** Sets `cache-control`: files are immutable, except for what is overwritten, such as the published index. */
  async put(
    path: string,
    bytes: Uint8Array | AsyncIterable<Uint8Array>,
    options: PutOptions = {},
  ): Promise<boolean> {
    checkPath(path);
    if (bytes instanceof Uint8Array) return this.#putWhole(path, bytes, options);
    const { putChunks } = await loadMultipart();
    const url = this.#address.fileUrl(path);
    const context = {
      url,
      path,
      where: this.#where,
      send: this.#send,
      putWhole: (whole: Uint8Array) => this.#putWhole(path, whole, { ...options, overwrite: true }),
      sizeOf: () => this.#sizeOf(path, options.signal),
    };
    await putChunks(bytes, context, options);
    return true;
  }

  async #putWhole(path: string, bytes: Uint8Array, options: PutOptions): Promise<boolean> {
    const { signal } = options;
    const url = this.#address.fileUrl(path);
    const body = bodyOf(bytes);
    const doing = `write ${path}`;
    let responseLost = RESENDS_SILENTLY;
    const onFailure = () => {
      responseLost = true;
    };
    const send = async (headers: Record<string, string>) => {
      const request: UnsignedRequest = { method: "PUT", url, body, headers };
      const hasTag = async (response: Response) => response.headers.has("etag");
      for (let i = 0; i < MAX_UNSTORED; i++) {
        if (await this.#send(request, doing, hasTag, { signal, onFailure })) return true;
        onFailure();
        if (await isStored(this.#store, path, body, options)) return true;
      }
      const why =
        "acknowledged it, but does not have it. Is there a proxy in between, or is it no S3 server?";
      throw new LakotaError("network", `Cannot ${doing}: ${this.#where} ${why}`);
    };
    if (options.overwrite) return send({ "cache-control": "no-cache" });
    const headers = { "cache-control": "public, max-age=31536000, immutable" };
    try {
      if (this.#conditional) return await send({ ...headers, "if-none-match": "*" });
    } catch (error) {
      if (!(error instanceof S3Error)) throw error;
      if (error.status === 412) return responseLost && isStored(this.#store, path, bytes, options);
      if (error.status !== 501) throw error;
      this.#conditional = false;
    }
    return (await this.#exists(path, signal)) ? false : send(headers);
  }

  async delete(path: string, options: SignalOptions = {}): Promise<void> {
    checkPath(path);
    const request: UnsignedRequest = { method: "DELETE", url: this.#address.fileUrl(path) };
    const readStatus = async ({ status }: Response) => status;
    const status = await missingAsUndefined(this.#send(request, `delete ${path}`, readStatus, options));
    // S3 responds 204. Anything else may come from something that is no S3 server.
    if (status === undefined || status === 204 || !(await this.#exists(path, options.signal))) return;
    const why = "acknowledged it, but still has the file. Is there a proxy in between?";
    throw new LakotaError("network", `Cannot delete ${path}: ${this.#where} ${why}`);
  }

  /** Copies, then deletes: in between, the file is in both places. */
  async move(from: string, to: string, options: SignalOptions = {}): Promise<void> {
    checkPath(from);
    checkPath(to);
    const headers = { "x-amz-copy-source": this.#address.copySource(from) };
    const request: UnsignedRequest = { method: "PUT", url: this.#address.fileUrl(to), headers };
    await this.#send(
      request,
      `move ${from} to ${to}`,
      (response, onBytes) => this.#checkCopy(response, from, onBytes),
      options,
    );
    await this.delete(from, options);
  }

  #exists(path: string, signal: AbortSignal | undefined): Promise<true | undefined> {
    const request: UnsignedRequest = { method: "HEAD", url: this.#address.fileUrl(path), cache: "no-store" };
    return missingAsUndefined(this.#send(request, `look for ${path}`, async () => true as const, { signal }));
  }

  #sizeOf(path: string, signal: AbortSignal | undefined): Promise<number | undefined> {
    const request: UnsignedRequest = { method: "HEAD", url: this.#address.fileUrl(path), cache: "no-store" };
    const size = async ({ headers }: Response) => Number(headers.get("content-length"));
    return missingAsUndefined(this.#send(request, `look for ${path}`, size, { signal }));
  }

  /** A slow copy may fail after S3 has sent status 200. */
  async #checkCopy(response: Response, from: string, onBytes: (bytes: number) => void): Promise<void> {
    const xml = await readText(response, onBytes);
    try {
      if (parseXml(xml).name === "CopyObjectResult") return;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
    const reason = /<Code>(\w+)<\/Code>/.exec(xml)?.[1] ?? "without the result of a copy";
    const message = `${this.#where} could not copy ${from}: it responded ${reason}. Try again later.`;
    throw new TransientError(new LakotaError("network", message));
  }
}
