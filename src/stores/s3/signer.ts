import { AwsV4Signer } from "aws4fetch";
import { lazy } from "../../async/lazy.ts";
import { toHex } from "../../model/bytes.ts";
import {
  type Credentials,
  type CredentialsInput,
  isComplete,
  type ServiceCredentials,
} from "../../model/credentials.ts";
import { asLakotaError, LakotaError } from "../../model/errors.ts";

export interface SignOptions {
  /** Default: derived from the endpoint's host name (AWS, R2, B2), else `us-east-1`. */
  region?: string;
  /**
   * Keys, or a function that returns fresh ones: called before the first request, shortly before they expire,
   * and when S3 reports that they have expired or are unknown. Default: requests are not signed, as for a public
   * bucket. Keys may also be spelled as AWS's services spell them: `{ AccessKeyId, SecretAccessKey, … }`.
   */
  credentials?: Credentials | ServiceCredentials | (() => Promise<Credentials | ServiceCredentials>);
  /**
   * The app's signer, in place of `credentials`, so that no secret is in the page. It gets the unsigned
   * request (without body) and returns one that S3 accepts, for instance with a URL presigned by the app's
   * server. It should add no headers to a GET, which would make the browser send a CORS preflight.
   */
  sign?: (request: Request) => Request | Promise<Request>;
}

/** A request before it is signed. */
export interface UnsignedRequest {
  method: "GET" | "HEAD" | "PUT" | "POST" | "DELETE";
  url: string;
  headers?: Record<string, string>;
  body?: Uint8Array<ArrayBuffer>;
  cache?: RequestCache;
}

/**
 * Seconds for which a signed URL is valid: as long as S3 tolerates clocks that differ. URLs, which may have a session token
 * in them, end up in logs of proxies.
 */
const URL_LIFETIME = 900;

/** Numbers below are seconds: as milliseconds, they would lie before 1974. */
const MAX_SECONDS = 1e11;

/** Milliseconds before the expiry of keys at which fresh ones are requested. */
const EXPIRY_MARGIN = 60_000;

const loadServiceCredentials = lazy(() => import("../../model/service-credentials.ts"));

/** Signs requests. */
export class Signer {
  /** Milliseconds by which this device's clock is behind the server's. */
  clockOffset = 0;
  readonly #options: SignOptions;
  readonly #now: () => number;
  /** Signing keys, each derived from a secret by four hashes. */
  readonly #derived = new Map<string, ArrayBuffer>();
  #credentials: Promise<Credentials> | undefined;
  /** Keys that were close to their expiry when they came. Other ones would be, too: they are used until S3 refuses them. */
  #shortLived: Credentials | undefined;
  #generation = 0;

  constructor(options: SignOptions, now: () => number) {
    this.#options = options;
    this.#now = now;
  }

  /** Counts the keys used so far: see {@link forget}. */
  get generation(): number {
    return this.#generation;
  }

  /**
   * Discards the keys of a generation, which have expired according to S3. Returns whether there may be fresh
   * ones. They are requested once, even if many requests failed at the same time.
   */
  forget(generation: number): boolean {
    if (generation === this.#generation) {
      this.#credentials = undefined;
      this.#generation++;
    }
    return typeof this.#options.credentials === "function" || this.#options.sign !== undefined;
  }

  async sign(unsigned: UnsignedRequest, signal: AbortSignal | undefined): Promise<Request> {
    const { method, url, headers, body, cache } = unsigned;
    // The body is added last, as bytes: a stream could not be sent again.
    const rest: RequestInit = { body, cache, signal };
    const { sign } = this.#options;
    if (sign) {
      const request = new Request(url, { method, headers, credentials: "omit" });
      return new Request(await callApp(() => sign(request), "The sign function failed"), rest);
    }
    const credentials = await this.#current();
    const signed = credentials ? await this.#sign(unsigned, credentials) : { url, headers };
    return new Request(signed.url, { ...rest, method, headers: signed.headers, credentials: "omit" });
  }

  async #sign(
    unsigned: UnsignedRequest,
    credentials: Credentials,
  ): Promise<{ url: string; headers: Headers }> {
    if (!globalThis.crypto?.subtle) {
      const reason =
        "Signing needs crypto.subtle, which browsers provide on https:// pages and on localhost only.";
      const advice = "Serve the page over https, or pass `sign`.";
      throw new LakotaError("unsupported", `${reason} ${advice}`);
    }
    const { method, url, headers, body } = unsigned;
    // A signed URL needs no CORS preflight, unlike a signed header.
    const signQuery = method === "GET" || method === "HEAD";
    const expiry = signQuery ? `${url.includes("?") ? "&" : "?"}X-Amz-Expires=${URL_LIFETIME}` : "";
    const signer = new AwsV4Signer({
      ...credentials,
      method,
      url: url + expiry,
      headers: body ? { ...headers, "x-amz-content-sha256": await sha256(body) } : headers,
      signQuery,
      service: "s3",
      region: this.#options.region,
      cache: this.#derived,
      datetime: new Date(this.#now() + this.clockOffset).toISOString().replace(/[:-]|\.\d{3}/g, ""),
    });
    const signed = await signer.sign();
    // URLSearchParams encodes a space as "+", which not every server decodes.
    return { url: signed.url.href.replaceAll("+", "%20"), headers: signed.headers };
  }

  async #current(): Promise<Credentials | undefined> {
    const { credentials } = this.#options;
    if (typeof credentials !== "function") return credentials && complete(credentials);
    for (;;) {
      const fresh = !this.#credentials;
      this.#credentials ??= callApp(credentials, "The credentials function failed").then(complete);
      const request = this.#credentials;
      const keys = await request.catch((error) => {
        if (this.#credentials === request) this.#credentials = undefined; // the next request retries
        throw error;
      });
      if (fresh && this.#isExpiring(keys)) this.#shortLived = keys;
      if (keys === this.#shortLived || !this.#isExpiring(keys)) return keys;
      if (this.#credentials === request) this.#credentials = undefined;
    }
  }

  #isExpiring({ expiration }: Credentials): boolean {
    if (expiration === undefined) return false;
    const time = typeof expiration === "number" && expiration < MAX_SECONDS ? expiration * 1_000 : expiration;
    return new Date(time).getTime() - EXPIRY_MARGIN < this.#now() + this.clockOffset;
  }
}

/** Returns keys in our spelling. @throws `invalid-argument` for keys that are incomplete */
async function complete(keys: CredentialsInput): Promise<Credentials> {
  return isComplete(keys) ? keys : (await loadServiceCredentials()).normalCredentials(keys);
}

/** Calls a function of the app. @throws `forbidden` for any error but a LakotaError */
async function callApp<T>(call: () => T | Promise<T>, failure: string): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw asLakotaError(error, "forbidden", failure);
  }
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}
