import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { S3Error } from "./errors.ts";
import { type Fault, Faults } from "./faults.ts";
import { Objects } from "./objects.ts";
import { type Answer, perform } from "./operations.ts";
import { Link, type Shape } from "./shape.ts";
import { type Key, type SignedBy, verifySignature } from "./signature.ts";
import { document, element, textElement } from "./xml.ts";

export interface S3Options {
  /** Access key ids, with their secrets. */
  keys: Readonly<Record<string, string | Key>>;
  /** Default us-east-1. */
  region?: string;
  /** Keep objects in this folder too, and find them again. Default: memory only. */
  dir?: string;
  /** Origins that may read the answers; `false`: no CORS at all. Default: all. */
  cors?: "*" | readonly string[] | false;
  /** Whether anybody may get an object, or list a bucket (key: the empty string). Default: nobody. */
  publicRead?: (bucket: string, key: string) => boolean;
  /** Default: a free one. */
  port?: number;
  /** Entries of a listing's page. Default 1,000, as S3. */
  pageSize?: number;
  /** `bucket.HOST` is virtual-host style. Default s3.localhost. */
  virtualHost?: string;
  /** Epoch milliseconds; for tests. */
  now?: () => number;
}

/** A request as the server saw it. */
export interface RequestRecord {
  method: string;
  /** Decoded, without query. */
  path: string;
  query: string;
  status: number;
  /** Of the answer's body. */
  bytes: number;
  preflight: boolean;
  signedBy: SignedBy;
  range: string | undefined;
}

export interface S3Server {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly port: number;
  readonly objects: Objects;
  readonly faults: Faults;
  /** Requests since the start, or since `reset`. */
  readonly log: RequestRecord[];
  shape: Shape;
  stats(): { requests: number; preflights: number; bytes: number };
  /** Forgets the log. */
  reset(): void;
  close(): Promise<void>;
}

/**
 * Starts an S3 server for tests and demos on the loopback address: signatures are verified, CORS and conditional
 * writes work as on S3, and it can be told to fail.
 *
 * @example
 * const s3 = await startS3({ keys: { id: "secret" } });
 * s3.objects.createBucket("data");
 */
export async function startS3(options: S3Options): Promise<S3Server> {
  const context = new Context(options);
  const server = createServer((request, response) => {
    context.serve(request, response).catch((error: unknown) => {
      console.error(error);
      response.destroy();
    });
  });
  await listen(server, options.port ?? 0);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    objects: context.objects,
    faults: context.faults,
    log: context.log,
    get shape() {
      return context.link.shape;
    },
    set shape(shape) {
      context.link.shape = shape;
    },
    stats: () => ({
      requests: context.log.filter(({ preflight }) => !preflight).length,
      preflights: context.log.filter(({ preflight }) => preflight).length,
      bytes: context.log.reduce((sum, { bytes }) => sum + bytes, 0),
    }),
    reset: () => {
      context.log.length = 0;
    },
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
}

const EXPOSED = "ETag, Content-Range, Content-Length, Retry-After, x-amz-request-id, x-amz-version-id";

class Context {
  readonly objects: Objects;
  readonly faults = new Faults();
  readonly log: RequestRecord[] = [];
  readonly link = new Link();
  readonly #options: Required<Omit<S3Options, "dir" | "port" | "keys">>;
  readonly #keys: Record<string, Key>;

  constructor({ keys, dir, ...options }: S3Options) {
    this.objects = new Objects(dir);
    this.#keys = Object.fromEntries(
      Object.entries(keys).map(([id, key]) => [id, typeof key === "string" ? { secret: key } : key]),
    );
    this.#options = {
      region: "us-east-1",
      cors: "*",
      publicRead: () => false,
      pageSize: 1000,
      virtualHost: "s3.localhost",
      now: Date.now,
      ...options,
    };
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "GET", url = "/" } = request;
    const { bucket, key, query } = this.#address(request);
    const record: RequestRecord = {
      method,
      path: `/${bucket}/${key}`,
      query: query.toString(),
      status: 0,
      bytes: 0,
      preflight: method === "OPTIONS",
      signedBy: "anonymous",
      range: request.headers.range,
    };
    this.log.push(record);
    const fault = this.faults.take(method, record.path);
    const body = await readBody(request);
    await this.link.latency();
    if (fault.latency) await sleep(fault.latency);
    if (fault.reset === "before") {
      request.socket.destroy();
      return;
    }
    let answer: Answer;
    try {
      if (record.preflight) answer = this.#preflight(request);
      else {
        if (fault.status !== undefined) throw injected(fault);
        const rules = { keys: this.#keys, region: this.#options.region, now: this.#options.now };
        record.signedBy = verifySignature({ method, url, headers: request.headers, body }, rules);
        if (record.signedBy === "anonymous") this.#checkPublic(method, bucket, key);
        answer = perform(
          { method, bucket, key, query, headers: request.headers, body },
          this.objects,
          this.#options.pageSize,
        );
      }
    } catch (error) {
      if (!(error instanceof S3Error)) throw error;
      answer = describe(error);
    }
    record.status = answer.status;
    if (fault.reset === "after") {
      request.socket.destroy();
      return;
    }
    const cors = fault.dropCors ? {} : this.#corsHeaders(request.headers.origin);
    record.bytes = await this.#send(
      request,
      response,
      { ...answer, headers: { ...cors, ...answer.headers } },
      fault,
    );
  }

  #address(request: IncomingMessage): { bucket: string; key: string; query: URLSearchParams } {
    const { pathname, searchParams: query } = new URL(request.url ?? "/", "http://s3");
    const host = (request.headers.host ?? "").replace(/:\d+$/, "");
    const suffix = `.${this.#options.virtualHost}`;
    const [first = "", ...rest] = pathname.slice(1).split("/");
    if (host.endsWith(suffix)) {
      return { bucket: host.slice(0, -suffix.length), key: decodeURIComponent(pathname.slice(1)), query };
    }
    return { bucket: decodeURIComponent(first), key: decodeURIComponent(rest.join("/")), query };
  }

  #checkPublic(method: string, bucket: string, key: string): void {
    const reading = method === "GET" || method === "HEAD";
    if (!reading || !this.#options.publicRead(bucket, key))
      throw new S3Error(403, "AccessDenied", "Access Denied");
  }

  #allows(origin: string): boolean {
    const { cors } = this.#options;
    return cors === "*" || (cors !== false && cors.includes(origin));
  }

  #corsHeaders(origin: string | undefined): Record<string, string> {
    if (origin === undefined || !this.#allows(origin)) return {};
    const allowed = this.#options.cors === "*" ? "*" : origin;
    return {
      "access-control-allow-origin": allowed,
      "access-control-expose-headers": EXPOSED,
      vary: "Origin",
    };
  }

  #preflight({ headers }: IncomingMessage): Answer {
    const { origin } = headers;
    if (origin === undefined || !this.#allows(origin)) {
      throw new S3Error(403, "AccessForbidden", "CORSResponse: This CORS request is not allowed.");
    }
    const allowed = {
      "access-control-allow-methods": "GET, HEAD, PUT, POST, DELETE",
      "access-control-allow-headers": String(headers["access-control-request-headers"] ?? ""),
      "access-control-max-age": "600",
    };
    return { status: 200, headers: allowed, body: Buffer.alloc(0) };
  }

  /** Sends an answer, or what a fault leaves of it. Returns the bytes of its body. */
  async #send(
    request: IncomingMessage,
    response: ServerResponse,
    answer: Answer,
    fault: Fault,
  ): Promise<number> {
    const { status, headers } = answer;
    const bodiless = status === 204 || status === 304;
    const body = fault.corrupt ? flipBit(answer.body) : answer.body;
    response.writeHead(status, {
      "x-amz-request-id": randomUUID(),
      ...headers,
      ...(!bodiless && { "content-length": String(body.length) }),
    });
    if (bodiless || request.method === "HEAD") {
      response.end();
      return 0;
    }
    if (fault.truncate) {
      const half = body.subarray(0, body.length >> 1);
      response.write(half, () => response.destroy());
      return half.length;
    }
    await this.link.send(response, body);
    return body.length;
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts);
}

function injected({ status = 500, code, retryAfter }: Fault): S3Error {
  const headers: Record<string, string> =
    retryAfter === undefined ? {} : { "retry-after": String(retryAfter) };
  return new S3Error(
    status,
    code ?? (status === 503 ? "SlowDown" : "InternalError"),
    "An injected fault.",
    headers,
  );
}

function describe({ status, code, message, headers }: S3Error): Answer {
  const body = document(element("Error", textElement("Code", code) + textElement("Message", message)));
  return { status, headers: { "content-type": "application/xml", ...headers }, body };
}

function flipBit(body: Buffer): Buffer {
  const flipped = Buffer.from(body);
  if (flipped.length > 0) flipped[flipped.length >> 1]! ^= 1;
  return flipped;
}
