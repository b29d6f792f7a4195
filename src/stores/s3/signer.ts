import { AwsV4Signer } from "aws4fetch";
import { toHex } from "../../model/bytes.ts";
import { asLakotaError, LakotaError } from "../../model/errors.ts";

/** Keys of an S3 account, for good or for a session. */
export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  /** Of temporary keys. */
  sessionToken?: string;
  /** When temporary keys end, so that new ones are asked for in time. A number is epoch milliseconds. */
  expiration?: Date | string | number;
}

export interface SignOptions {
  /** Default: what the endpoint's name says (AWS, R2, B2), else `us-east-1`. */
  region?: string;
  /** Keys, or a function that gives fresh ones: called first, shortly before they expire, and when S3 says that
   * they have. Absent: requests are not signed, as for a public bucket. */
  credentials?: Credentials | (() => Promise<Credentials>);
  /**
   * The app's own signer, in place of `credentials`, so that no secret is in the page: it gets the bare request
   * (without body) and answers one that S3 will accept, for instance with a URL presigned by the app's server.
   * To spare the browser a preflight it adds no headers to a GET.
   */
  sign?: (request: Request) => Request | Promise<Request>;
}

/** A request before it is signed. */
export interface BareRequest {
  method: "GET" | "HEAD" | "PUT" | "DELETE";
  url: string;
  headers?: Record<string, string>;
  body?: Uint8Array<ArrayBuffer>;
  cache?: RequestCache;
}

/** Fresh keys are asked for this long before the old ones end. */
const MARGIN = 60_000;

/** Turns bare requests into ones that S3 accepts. */
export class Signer {
  /** Milliseconds that this device's clock is behind the server's. */
  clockOffset = 0;
  readonly #options: SignOptions;
  readonly #now: () => number;
  /** Keys derived from a secret; computing one takes four hashes. */
  readonly #derived = new Map<string, ArrayBuffer>();
  #credentials: Promise<Credentials> | undefined;
  #generation = 0;

  constructor(options: SignOptions, now: () => number) {
    this.#options = options;
    this.#now = now;
  }

  /** Which of the keys given so far are in use: for {@link forget}. */
  get generation(): number {
    return this.#generation;
  }

  /**
   * Keys of this generation have expired, S3 says. Answers whether there may be fresh ones; asks for them once
   * even if many requests have failed at the same time.
   */
  forget(generation: number): boolean {
    if (generation === this.#generation) {
      this.#credentials = undefined;
      this.#generation++;
    }
    return typeof this.#options.credentials === "function" || this.#options.sign !== undefined;
  }

  async sign(bare: BareRequest, signal: AbortSignal | undefined): Promise<Request> {
    const { method, url, headers, body, cache } = bare;
    // Whatever the signing: the body is added last, as bytes, for a stream could not be sent again.
    const send: RequestInit = { body, cache, signal };
    const { sign } = this.#options;
    if (sign) {
      const unsigned = new Request(url, { method, headers, credentials: "omit" });
      return new Request(await promised(() => sign(unsigned), "The sign function failed"), send);
    }
    const credentials = await this.#current();
    const signed = credentials ? await this.#sign(bare, credentials) : { url, headers };
    return new Request(signed.url, { ...send, method, headers: signed.headers, credentials: "omit" });
  }

  async #sign(bare: BareRequest, credentials: Credentials): Promise<{ url: string; headers: Headers }> {
    if (!globalThis.crypto?.subtle) {
      const reason =
        "Signing needs crypto.subtle, which browsers offer on https:// pages and on localhost only.";
      const advice = "Serve the page by https, or sign elsewhere through the `sign` option.";
      throw new LakotaError("unsupported", `${reason} ${advice}`);
    }
    const { method, url, headers, body } = bare;
    // A browser asks before it sends a signed header (CORS preflight), not for a signed URL.
    const signQuery = method === "GET" || method === "HEAD";
    const signer = new AwsV4Signer({
      ...credentials,
      method,
      url,
      headers: body ? { ...headers, "x-amz-content-sha256": await sha256(body) } : headers,
      signQuery,
      service: "s3",
      region: this.#options.region,
      cache: this.#derived,
      datetime: new Date(this.#now() + this.clockOffset).toISOString().replace(/[:-]|\.\d{3}/g, ""),
    });
    const signed = await signer.sign();
    // URLSearchParams writes a space as "+", which not every server reads as one.
    return { url: signed.url.href.replaceAll("+", "%20"), headers: signed.headers };
  }

  async #current(): Promise<Credentials | undefined> {
    const { credentials } = this.#options;
    if (typeof credentials !== "function") return credentials;
    for (;;) {
      const fresh = !this.#credentials;
      this.#credentials ??= promised(credentials, "The credentials function failed");
      const asked = this.#credentials;
      const keys = await asked.catch((error) => {
        if (this.#credentials === asked) this.#credentials = undefined; // the next request asks again
        throw error;
      });
      if (fresh || !this.#ends(keys)) return keys;
      if (this.#credentials === asked) this.#credentials = undefined;
    }
  }

  #ends({ expiration }: Credentials): boolean {
    if (expiration === undefined) return false;
    return new Date(expiration).getTime() - MARGIN < this.#now() + this.clockOffset;
  }
}

/** Calls a function of the app. Whatever it throws means that we are not let in. */
async function promised<T>(call: () => T | Promise<T>, failure: string): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw asLakotaError(error, "forbidden", failure);
  }
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}
