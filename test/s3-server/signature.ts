import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { decodePath, encode, encodePath, splitUrl } from "./address.ts";
import { accessDenied, notImplemented, S3Error } from "./errors.ts";
import { parseSignature, type RequestSignature } from "./request-signature.ts";

/** The credentials of an access key id. */
export interface Key {
  secret: string;
  /** Session token that requests must have, if set. */
  sessionToken?: string;
  /** When the session token expires, in epoch milliseconds. */
  expires?: number;
}

export interface SignedRequest {
  method: string;
  /** Raw path and query. */
  url: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export type SignedBy = "header" | "query" | "anonymous";

export interface SignatureRules {
  /** By access key id. */
  keys: ReadonlyMap<string, Key>;
  region: string;
  /** Epoch milliseconds. */
  now: () => number;
}

/** Largest tolerated clock skew of a client, in milliseconds. */
const CLOCK_SKEW = 15 * 60_000;
const LONGEST_EXPIRY = 7 * 24 * 3600;

/**
 * Checks a request's AWS Signature Version 4, in its headers or in its query.
 *
 * @returns how it is signed; `anonymous` for unsigned requests, which the caller may allow
 * @throws {S3Error} as S3 does: wrong secret, unknown key, expired, skewed, tampered with.
 */
export function verifySignature(request: SignedRequest, rules: SignatureRules): SignedBy {
  const signature = parseSignature(request.headers, splitUrl(request.url).query);
  if (!signature) return "anonymous";
  const key = rules.keys.get(signature.keyId);
  if (!key) {
    const message = "The AWS Access Key Id you provided does not exist in our records.";
    throw new S3Error(403, "InvalidAccessKeyId", message);
  }
  checkScope(signature, rules.region);
  checkTime(signature, rules.now());
  checkToken(signature, key, rules.now());
  checkHeaders(signature, request.headers);
  checkSignature(request, signature, key);
  checkPayload(signature.payloadHash, request.body);
  return signature.by;
}

function checkScope({ by, scope, date }: RequestSignature, wanted: string): void {
  const { day, region, service, end } = scope;
  if (region === wanted && service === "s3" && end === "aws4_request" && date.slice(0, 8) === day) return;
  const code = by === "header" ? "AuthorizationHeaderMalformed" : "AuthorizationQueryParametersError";
  const message = `The credential is scoped wrongly; the region '${region}' is wrong, or the date; expecting '${wanted}'.`;
  throw new S3Error(400, code, message, region === wanted ? {} : { elements: { Region: wanted } });
}

function checkTime({ by, date, expires = 0 }: RequestSignature, now: number): void {
  const signed = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
  if (Number.isNaN(signed)) throw accessDenied("The date of the signature is invalid.");
  if (signed - now > CLOCK_SKEW || (by === "header" && now - signed > CLOCK_SKEW)) throw skewed(date, now);
  if (by === "header") return;
  if (!(expires > 0 && expires <= LONGEST_EXPIRY)) {
    const message = "X-Amz-Expires must be between 1 second and a week.";
    throw new S3Error(400, "AuthorizationQueryParametersError", message);
  }
  const end = signed + expires * 1000;
  if (now <= end) return;
  const elements = { Expires: new Date(end).toISOString(), ServerTime: new Date(now).toISOString() };
  throw new S3Error(403, "AccessDenied", "Request has expired", { elements });
}

function skewed(date: string, now: number): S3Error {
  const message = "The difference between the request time and the current time is too large.";
  const elements = { RequestTime: date, ServerTime: new Date(now).toISOString() };
  return new S3Error(403, "RequestTimeTooSkewed", message, { elements });
}

function checkToken({ token }: RequestSignature, key: Key, now: number): void {
  if (token !== key.sessionToken) {
    throw new S3Error(400, "InvalidToken", "The provided token is malformed or otherwise invalid.");
  }
  if (key.expires !== undefined && now >= key.expires) {
    throw new S3Error(400, "ExpiredToken", "The provided token has expired.");
  }
}

/** Requires that every x-amz header is signed: otherwise an intermediary could add one. */
function checkHeaders({ signedHeaders }: RequestSignature, headers: IncomingHttpHeaders): void {
  const needed = ["host", ...Object.keys(headers).filter((name) => name.startsWith("x-amz-"))];
  const loose = needed.filter((name) => !signedHeaders.includes(name));
  if (loose.length === 0) return;
  throw accessDenied(`There were headers present in the request which were not signed: ${loose.join(", ")}`);
}

function checkSignature(request: SignedRequest, signature: RequestSignature, { secret }: Key): void {
  const { day, region } = signature.scope;
  const signingKey = [day, region, "s3", "aws4_request"].reduce(hmac, Buffer.from(`AWS4${secret}`));
  const scope = `${day}/${region}/s3/aws4_request`;
  const canonical = sha256(canonicalRequest(request, signature));
  const wanted = hmac(signingKey, `AWS4-HMAC-SHA256\n${signature.date}\n${scope}\n${canonical}`);
  const given = Buffer.from(signature.signature, "hex");
  if (given.length === wanted.length && timingSafeEqual(given, wanted)) return;
  const message = "The request signature we calculated does not match the signature you provided.";
  throw new S3Error(403, "SignatureDoesNotMatch", message);
}

/** Returns the canonical form of a request, which is signed. */
function canonicalRequest({ method, url, headers }: SignedRequest, signature: RequestSignature): string {
  const { path, query } = splitUrl(url);
  const pairs = [...query]
    .filter(([name]) => name !== "X-Amz-Signature")
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map((pair) => pair.join("="));
  const lines = signature.signedHeaders.map((name) => {
    const value = headers[name]?.toString() ?? "";
    return `${name}:${value.trim().replace(/\s+/g, " ")}`;
  });
  const names = signature.signedHeaders.join(";");
  return [
    method,
    encodePath(decodePath(path)),
    pairs.join("&"),
    ...lines,
    "",
    names,
    signature.payloadHash,
  ].join("\n");
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

function checkPayload(hash: string, body: Buffer): void {
  if (hash === "UNSIGNED-PAYLOAD" || hash === "STREAMING-UNSIGNED-PAYLOAD-TRAILER") return;
  if (!/^[0-9a-f]{64}$/.test(hash)) throw notImplemented(`payloads signed as ${hash}`);
  if (hash === sha256(body)) return;
  const message = "The provided 'x-amz-content-sha256' header does not match what was computed.";
  throw new S3Error(400, "XAmzContentSHA256Mismatch", message);
}

const sha256 = (data: string | Buffer): string => createHash("sha256").update(data).digest("hex");
const hmac = (key: Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();
