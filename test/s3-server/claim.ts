import type { IncomingHttpHeaders } from "node:http";
import { invalidArgument, S3Error } from "./errors.ts";

/** What a request says of its own signature. */
export interface Claim {
  by: "header" | "query";
  keyId: string;
  /** The day, region, service and end that the signing key was made for. */
  scope: { day: string; region: string; service: string; end: string };
  /** Lower-case names. */
  signedHeaders: string[];
  /** In hex. */
  signature: string;
  /** As it was signed: `20260102T030405Z`. */
  date: string;
  /** Seconds that a query-signed URL is good for. */
  expires: number | undefined;
  /** SHA-256 of the body in hex, or a word for not signing it. */
  payloadHash: string;
  token: string | undefined;
}

const ALGORITHM = "AWS4-HMAC-SHA256";

/** Reads what a request says of its signature; undefined if it has none. @throws {S3Error} where it makes no sense */
export function readClaim(headers: IncomingHttpHeaders, query: URLSearchParams): Claim | undefined {
  const inQuery = query.has("X-Amz-Algorithm") || query.has("X-Amz-Signature");
  const inHeader = headers.authorization !== undefined;
  if (inQuery && inHeader) throw invalidArgument("Only one auth mechanism allowed");
  if (inQuery) return claimInQuery(query);
  return inHeader ? claimInHeaders(headers) : undefined;
}

function claimInQuery(query: URLSearchParams): Claim {
  const parameter = (name: string) => query.get(`X-Amz-${name}`) ?? "";
  if (parameter("Algorithm") !== ALGORITHM) {
    throw new S3Error(400, "AuthorizationQueryParametersError", `X-Amz-Algorithm must be ${ALGORITHM}.`);
  }
  return {
    by: "query",
    ...readCredential(parameter("Credential")),
    signedHeaders: parameter("SignedHeaders").split(";"),
    signature: parameter("Signature"),
    date: parameter("Date"),
    expires: Number(parameter("Expires")),
    payloadHash: query.get("X-Amz-Content-Sha256") ?? "UNSIGNED-PAYLOAD",
    token: query.get("X-Amz-Security-Token") ?? undefined,
  };
}

const AUTHORIZATION = new RegExp(
  `^${ALGORITHM} Credential=([^,]+),\\s*SignedHeaders=([^,]+),\\s*Signature=([0-9a-f]{64})$`,
);

function claimInHeaders(headers: IncomingHttpHeaders): Claim {
  const match = AUTHORIZATION.exec(headers.authorization ?? "");
  if (!match) {
    throw new S3Error(400, "AuthorizationHeaderMalformed", "The authorization header is malformed.");
  }
  const payloadHash = headers["x-amz-content-sha256"]?.toString();
  if (!payloadHash) throw new S3Error(400, "MissingSecurityHeader", "x-amz-content-sha256 is missing.");
  return {
    by: "header",
    ...readCredential(match[1]!),
    signedHeaders: match[2]!.split(";"),
    signature: match[3]!,
    date: headers["x-amz-date"]?.toString() ?? "",
    expires: undefined,
    payloadHash,
    token: headers["x-amz-security-token"]?.toString(),
  };
}

/** `ID/DAY/REGION/SERVICE/aws4_request`. */
function readCredential(credential: string): Pick<Claim, "keyId" | "scope"> {
  const [keyId = "", day = "", region = "", service = "", end = ""] = credential.split("/");
  return { keyId, scope: { day, region, service, end } };
}
