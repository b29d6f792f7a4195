import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { S3Error } from "./errors.ts";

/** What an access key id stands for. */
export interface Key {
  secret: string;
  /** Requests must bear it, if told. */
  sessionToken?: string;
  /** From when on the session token has expired: epoch milliseconds. */
  expires?: number;
}

export interface SignedRequest {
  method: string;
  /** Path and query as they came over the wire. */
  url: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export type SignedBy = "header" | "query" | "anonymous";

export interface SignatureRules {
  keys: Readonly<Record<string, Key>>;
  region: string;
  now: () => number;
}

/** How far a signing client's clock may be off, in milliseconds. */
const CLOCK_SKEW = 15 * 60_000;
const LONGEST_EXPIRY = 7 * 24 * 3600;

interface Claim {
  by: "header" | "query";
  credential: string;
  signedHeaders: string[];
  signature: string;
  date: string;
  payloadHash: string;
  token: string | undefined;
}

/**
 * Checks a request's AWS Signature Version 4, in its headers or in its query.
 *
 * @returns how it is signed; unsigned requests are `anonymous`, for the caller to judge.
 * @throws {S3Error} as S3 does: wrong secret, unknown key, expired, skewed, tampered with.
 */
export function verifySignature(request: SignedRequest, rules: SignatureRules): SignedBy {
  const query = new URL(request.url, "http://s3").searchParams;
  const claim = claimInQuery(query) ?? claimInHeaders(request.headers);
  if (!claim) return "anonymous";
  const [id, day, region, service, end] = claim.credential.split("/");
  const key = rules.keys[id ?? ""];
  if (!key) {
    throw new S3Error(
      403,
      "InvalidAccessKeyId",
      "The AWS Access Key Id you provided does not exist in our records.",
    );
  }
  if (region !== rules.region || service !== "s3" || end !== "aws4_request" || !claim.date.startsWith(day!)) {
    throw new S3Error(
      400,
      "AuthorizationHeaderMalformed",
      `The authorization is malformed; expecting region '${rules.region}'.`,
    );
  }
  checkTime(claim, query, rules.now());
  checkToken(claim, key, rules.now());
  checkHeaders(claim, request.headers);
  const scope = `${day}/${region}/s3/aws4_request`;
  const canonical = sha256(canonicalRequest(request, query, claim));
  const wanted = hmac(
    signingKey(key.secret, day!, region!),
    `AWS4-HMAC-SHA256\n${claim.date}\n${scope}\n${canonical}`,
  );
  const given = Buffer.from(claim.signature, "hex");
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
    throw new S3Error(
      403,
      "SignatureDoesNotMatch",
      "The request signature we calculated does not match the signature you provided.",
    );
  }
  checkPayload(claim.payloadHash, request.body);
  return claim.by;
}

function claimInQuery(query: URLSearchParams): Claim | undefined {
  if (!query.has("X-Amz-Algorithm")) return undefined;
  return {
    by: "query",
    credential: query.get("X-Amz-Credential") ?? "",
    signedHeaders: (query.get("X-Amz-SignedHeaders") ?? "").split(";"),
    signature: query.get("X-Amz-Signature") ?? "",
    date: query.get("X-Amz-Date") ?? "",
    payloadHash: query.get("X-Amz-Content-Sha256") ?? "UNSIGNED-PAYLOAD",
    token: query.get("X-Amz-Security-Token") ?? undefined,
  };
}

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^,]+),\s*SignedHeaders=([^,]+),\s*Signature=([0-9a-f]{64})$/;

function claimInHeaders(headers: IncomingHttpHeaders): Claim | undefined {
  if (headers.authorization === undefined) return undefined;
  const match = AUTHORIZATION.exec(headers.authorization);
  if (!match)
    throw new S3Error(400, "AuthorizationHeaderMalformed", "The authorization header is malformed.");
  const payloadHash = header(headers, "x-amz-content-sha256");
  if (!payloadHash) throw new S3Error(400, "MissingSecurityHeader", "x-amz-content-sha256 is missing.");
  return {
    by: "header",
    credential: match[1]!,
    signedHeaders: match[2]!.split(";"),
    signature: match[3]!,
    date: header(headers, "x-amz-date") ?? "",
    payloadHash,
    token: header(headers, "x-amz-security-token"),
  };
}

const header = (headers: IncomingHttpHeaders, name: string): string | undefined => headers[name]?.toString();

function checkTime({ by, date }: Claim, query: URLSearchParams, now: number): void {
  const signed = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
  if (Number.isNaN(signed)) throw new S3Error(403, "AccessDenied", "The date of the signature is invalid.");
  const skewed = () =>
    new S3Error(
      403,
      "RequestTimeTooSkewed",
      "The difference between the request time and the current time is too large.",
    );
  if (by === "header") {
    if (Math.abs(now - signed) > CLOCK_SKEW) throw skewed();
    return;
  }
  const expires = Number(query.get("X-Amz-Expires"));
  if (!(expires > 0 && expires <= LONGEST_EXPIRY)) {
    throw new S3Error(
      400,
      "AuthorizationQueryParametersError",
      "X-Amz-Expires must be between 1 second and a week.",
    );
  }
  if (signed - now > CLOCK_SKEW) throw skewed();
  if (now > signed + expires * 1000) throw new S3Error(403, "AccessDenied", "Request has expired");
}

function checkToken({ token }: Claim, key: Key, now: number): void {
  if (key.expires !== undefined && now >= key.expires) {
    throw new S3Error(400, "ExpiredToken", "The provided token has expired.");
  }
  if (token !== key.sessionToken)
    throw new S3Error(403, "InvalidToken", "The provided token is malformed or otherwise invalid.");
}

/** Every x-amz header must be signed, or anybody on the way could add one. */
function checkHeaders({ signedHeaders }: Claim, headers: IncomingHttpHeaders): void {
  const loose = Object.keys(headers).find(
    (name) => name.startsWith("x-amz-") && !signedHeaders.includes(name),
  );
  if (loose || !signedHeaders.includes("host")) {
    throw new S3Error(
      403,
      "AccessDenied",
      `There were headers present in the request which were not signed: ${loose ?? "host"}`,
    );
  }
}

function canonicalRequest(
  { method, url, headers }: SignedRequest,
  query: URLSearchParams,
  claim: Claim,
): string {
  const path = url
    .split("?")[0]!
    .split("/")
    .map((part) => encode(decodeURIComponent(part)));
  const pairs = [...query]
    .filter(([name]) => name !== "X-Amz-Signature")
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort();
  const lines = claim.signedHeaders.map(
    (name) => `${name}:${(header(headers, name) ?? "").trim().replace(/\s+/g, " ")}`,
  );
  return [
    method,
    path.join("/"),
    pairs.join("&"),
    ...lines,
    "",
    claim.signedHeaders.join(";"),
    claim.payloadHash,
  ].join("\n");
}

/** Percent-encoding as AWS wants it: all but letters, digits, `-._~`. */
export const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

function signingKey(secret: string, day: string, region: string): Buffer {
  return [day, region, "s3", "aws4_request"].reduce<Buffer>(
    (key, part) => hmac(key, part),
    Buffer.from(`AWS4${secret}`),
  );
}

function checkPayload(hash: string, body: Buffer): void {
  if (hash === "UNSIGNED-PAYLOAD" || hash === "STREAMING-UNSIGNED-PAYLOAD-TRAILER") return;
  if (!/^[0-9a-f]{64}$/.test(hash))
    throw new S3Error(501, "NotImplemented", `Payloads signed as ${hash} are not understood.`);
  if (hash !== sha256(body)) {
    throw new S3Error(
      400,
      "XAmzContentSHA256Mismatch",
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    );
  }
}

const sha256 = (data: string | Buffer): string => createHash("sha256").update(data).digest("hex");
const hmac = (key: Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();
