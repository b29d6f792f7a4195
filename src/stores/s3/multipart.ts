import { LakotaError } from "../../model/errors.ts";
import { readText } from "../http/body.ts";
import { TransientError } from "../http/retry.ts";
import type { SignalOptions } from "../store.ts";
import { S3Error } from "./s3-error.ts";
import type { Send } from "./send.ts";
import type { UnsignedRequest } from "./signer.ts";
import { childText, parseXml } from "./xml.ts";

/** Bytes of a part. S3 takes no less than 5 MiB, but for the last part, and at most 10,000 parts. Variable for tests. */
export const MULTIPART = { partBytes: 8 << 20 };

type Bytes = Uint8Array<ArrayBuffer>;

/** What a multipart upload needs of a store. */
export interface MultipartContext {
  /** URL of the file. */
  readonly url: string;
  readonly path: string;
  /** The bucket and its endpoint, for messages. */
  readonly where: string;
  readonly send: Send;
  /** Stores a file in one request. */
  readonly putWhole: (bytes: Bytes) => Promise<unknown>;
  /** Returns the bytes of the stored file; undefined if there is none. */
  readonly sizeOf: () => Promise<number | undefined>;
}

/**
 * Stores a file whose bytes come in chunks, and replaces an existing one once all of them have arrived. One part is in
 * memory at a time; a file that fits in one is stored in one request. After an error, the parts are removed.
 */
export async function putChunks(
  chunks: AsyncIterable<Uint8Array>,
  context: MultipartContext,
  options: SignalOptions,
): Promise<void> {
  let upload: Upload | undefined;
  try {
    for await (const { part, isLast } of partsOf(chunks)) {
      if (isLast && !upload) {
        await context.putWhole(part);
        return;
      }
      upload ??= await Upload.start(context, options);
      await upload.add(part);
    }
    await upload?.complete();
  } catch (error) {
    await upload?.abort();
    throw error;
  }
}

/** Joins chunks to parts. Of an empty file, one empty part. */
async function* partsOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<{ part: Bytes; isLast: boolean }> {
  const { partBytes } = MULTIPART;
  let part = new Uint8Array(partBytes);
  let filled = 0;
  for await (const chunk of chunks) {
    for (let from = 0; from < chunk.length; ) {
      if (filled === partBytes) {
        yield { part, isLast: false };
        part = new Uint8Array(partBytes);
        filled = 0;
      }
      const taken = chunk.subarray(from, from + partBytes - filled);
      part.set(taken, filled);
      filled += taken.length;
      from += taken.length;
    }
  }
  yield { part: part.slice(0, filled), isLast: true };
}

class Upload {
  readonly #context: MultipartContext;
  readonly #id: string;
  readonly #options: SignalOptions;
  readonly #tags: string[] = [];
  #bytes = 0;

  constructor(context: MultipartContext, id: string, options: SignalOptions) {
    this.#context = context;
    this.#id = id;
    this.#options = options;
  }

  static async start(context: MultipartContext, options: SignalOptions): Promise<Upload> {
    const { url, path, where, send } = context;
    const headers = { "cache-control": "no-cache" };
    const request: UnsignedRequest = { method: "POST", url: `${url}?uploads=`, headers };
    const id = await send(request, `write ${path}`, (...read) => readElement(...read), options).then(
      (answer) => (answer?.name === "InitiateMultipartUploadResult" ? childText(answer, "UploadId") : ""),
    );
    if (id !== "") return new Upload(context, id, options);
    throw new LakotaError("unsupported", `Cannot write ${path}: ${where} has no multipart uploads.`);
  }

  async add(part: Bytes): Promise<void> {
    const number = this.#tags.length + 1;
    const tag = await this.#send(
      { method: "PUT", url: this.#url({ partNumber: String(number) }), body: part },
      async (response) => response.headers.get("etag") ?? "",
    );
    if (tag === "") throw this.#failed(`acknowledged part ${number} without an ETag`);
    this.#tags.push(tag);
    this.#bytes += part.length;
  }

  async complete(): Promise<void> {
    const parts = this.#tags.map((tag, i) => {
      const quoted = tag.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
      return `<Part><PartNumber>${i + 1}</PartNumber><ETag>${quoted}</ETag></Part>`;
    });
    const xml = `<CompleteMultipartUpload>${parts.join("")}</CompleteMultipartUpload>`;
    const body = new TextEncoder().encode(xml);
    let responseLost = false;
    const onFailure = () => {
      responseLost = true;
    };
    // It may fail after S3 has sent status 200.
    const read = async (response: Response, onBytes: (bytes: number) => void) => {
      const answer = await readElement(response, onBytes);
      if (answer?.name === "CompleteMultipartUploadResult") return;
      throw new TransientError(
        this.#failed(`could not join the parts (${(answer && childText(answer, "Code")) || "no result"})`),
      );
    };
    try {
      await this.#send({ method: "POST", url: this.#url({}), body }, read, onFailure);
    } catch (error) {
      const isUnknown = error instanceof S3Error && error.reason === "NoSuchUpload";
      if (!isUnknown || !responseLost || (await this.#context.sizeOf()) !== this.#bytes) throw error;
    }
  }

  /** Removes the parts, which would be paid for. An upload that stays is no file, and a bucket may have a rule that removes it. */
  async abort(): Promise<void> {
    const { send, path } = this.#context;
    const request: UnsignedRequest = { method: "DELETE", url: this.#url({}) };
    await send(request, `abort writing ${path}`, async () => {}, {}).catch(() => {}); // the first error counts
  }

  #send<T>(
    request: UnsignedRequest,
    read: (response: Response, onBytes: (bytes: number) => void) => Promise<T>,
    onFailure?: () => void,
  ): Promise<T> {
    const { send, path } = this.#context;
    return send(request, `write ${path}`, read, { ...this.#options, ...(onFailure && { onFailure }) });
  }

  #url(parameters: Record<string, string>): string {
    return `${this.#context.url}?${new URLSearchParams({ ...parameters, uploadId: this.#id })}`;
  }

  #failed(why: string): LakotaError {
    const { path, where } = this.#context;
    return new LakotaError("network", `Cannot write ${path}: ${where} ${why}. Try again.`);
  }
}

/** Reads the element of a response; undefined for what is no XML. */
async function readElement(response: Response, onBytes: (bytes: number) => void) {
  const xml = await readText(response, onBytes);
  try {
    return parseXml(xml);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
