import type { IncomingMessage, ServerResponse } from "node:http";
import { untilAborted } from "../../src/async/abort.ts";
import { type Address, parseAddress, splitUrl } from "./address.ts";
import { Cors } from "./cors.ts";
import { accessDenied, S3Error } from "./errors.ts";
import { type Fault, Faults, injectedError, pretendedResponse } from "./faults.ts";
import { preciseTime, type RequestRecord, startRecord } from "./log.ts";
import { Objects } from "./objects.ts";
import type { S3Options } from "./options.ts";
import { perform } from "./perform.ts";
import { errorResponse, type S3Response } from "./response.ts";
import { sendResponse } from "./sending.ts";
import { Link } from "./shape.ts";
import { type SignatureRules, verifySignature } from "./signature.ts";

/** Handles a request: address, fault, signature, operation, CORS, response. */
export class Handler {
  readonly objects: Objects;
  readonly faults = new Faults();
  readonly log: RequestRecord[] = [];
  readonly link = new Link();
  readonly #options: Required<Pick<S3Options, "publicRead" | "pageSize" | "virtualHost">>;
  readonly #cors: Cors;
  readonly #rules: SignatureRules;

  constructor({
    publicRead = () => false,
    pageSize = 1000,
    virtualHost = "s3.localhost",
    ...more
  }: S3Options) {
    this.#options = { publicRead, pageSize, virtualHost };
    this.objects = new Objects(more.dir);
    this.#cors = new Cors(more.cors ?? "*");
    this.#rules = signatureRules(more);
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const address = this.#locate(request);
    const { path, query } = splitUrl(request.url ?? "");
    const shown = address instanceof S3Error ? path : `/${address.bucket}/${address.key}`;
    const record = startRecord(request, shown, query.toString());
    this.log.push(record);
    const fault = this.faults.take(record.method, record.path);
    const body = await this.#receive(request, response, fault);
    if (!body) return;
    if (fault.reset === "before") {
      request.socket.destroy();
      return;
    }
    const answer = this.#answer(() => {
      if (fault.status !== undefined) throw injectedError(fault);
      if (fault.pretend) return pretendedResponse(fault.pretend);
      if (address instanceof S3Error) throw address;
      return this.#perform(request, address, body, record, fault);
    });
    record.status = answer.status;
    if (fault.reset === "after") {
      request.socket.destroy();
      return;
    }
    const cors = fault.dropCors ? {} : this.#cors.headers(request.headers);
    const headers = { ...cors, ...answer.headers };
    record.bytes = await sendResponse(request, response, { ...answer, headers }, fault, this.link);
    record.sent = preciseTime();
  }

  #locate({ url = "/", headers }: IncomingMessage): Address | S3Error {
    try {
      return parseAddress(url, headers.host ?? "", this.#options.virtualHost);
    } catch (error) {
      if (error instanceof S3Error) return error;
      throw error;
    }
  }

  /** Returns the body after all latency; `undefined` if the client disconnects before. */
  async #receive(
    request: IncomingMessage,
    response: ServerResponse,
    { latency, hold }: Fault,
  ): Promise<Buffer | undefined> {
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    try {
      const body = Buffer.concat(await request.toArray());
      await untilAborted(Promise.resolve(hold), gone.signal);
      await this.link.latency(latency, gone.signal);
      return body;
    } catch (error) {
      if (request.errored || gone.signal.aborted) return undefined;
      throw error;
    }
  }

  #answer(serve: () => S3Response): S3Response {
    try {
      return serve();
    } catch (error) {
      if (error instanceof S3Error) return errorResponse(error);
      throw error;
    }
  }

  #perform(
    request: IncomingMessage,
    address: Address,
    body: Buffer,
    record: RequestRecord,
    fault: Fault,
  ): S3Response {
    const { method = "GET", url = "/", headers } = request;
    if (record.preflight) return this.#cors.preflight(headers);
    record.signedBy = verifySignature({ method, url, headers, body }, this.#rules);
    if (record.signedBy === "anonymous") this.#checkPublic(method, address);
    return perform({ ...address, method, headers, body }, this.objects, this.#options.pageSize, fault);
  }

  #checkPublic(method: string, { bucket, key }: Address): void {
    const reading = method === "GET" || method === "HEAD";
    if (!reading || !this.#options.publicRead(bucket, key)) throw accessDenied();
  }
}

function signatureRules({ keys, region = "us-east-1", now = Date.now }: S3Options): SignatureRules {
  const entries = Object.entries(keys).map(
    ([id, key]) => [id, typeof key === "string" ? { secret: key } : key] as const,
  );
  return { keys: new Map(entries), region, now };
}
