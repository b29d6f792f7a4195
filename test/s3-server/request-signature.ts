import type { IncomingHttpHeaders } from "node:http";
import { invalidArgument, S3Error } from "./errors.ts";

/** The signature of a request, with its parameters. */
export interface RequestSignature {
  by: "header" | "query";
  keyId: string;
  /** Credential scope: day, region, service and `aws4_request`, joined by slashes. */
  scope: { day: string; region: string; service: string; end: string };
  /** Lower-case names. */
  signedHeaders: string[];
  /** In hex. */
  signature: string;
  /** Time of signing: `20260102T030405Z`. */
  date: string;
  /** Seconds for which a presigned URL is valid. */
  expires: number | undefined;
  /** SHA-256 of the body in hex, or a constant such as `UNSIGNED-PAYLOAD`. */
  payloadHash: string;
  token: string | undefined;
}

const ALGORITHM = "AWS4-HMAC-SHA256";

/**
 * Parses the signature of a request; `undefined` for an unsigned one.
 *
 * @throws {S3Error} if it is malformed
 */
export function parseSignature(
  headers: IncomingHttpHeaders,
  query: URLSearchParams,
): RequestSignature | undefined {
  const inQuery = query.has("X-Amz-Algorithm") || query.has("X-Amz-Signature");
  const inHeader = headers.authorization !== undefined;
  if (inQuery && inHeader) throw invalidArgument("Only one auth mechanism allowed");
  if (inQuery) return signatureInQuery(query);
  return inHeader ? signatureInHeaders(headers) : undefined;
}

function signatureInQuery(query: URLSearchParams): RequestSignature {
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

function signatureInHeaders(headers: IncomingHttpHeaders): RequestSignature {
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

/** Parses `ID/DAY/REGION/SERVICE/aws4_request`. */
function readCredential(credential: string): Pick<RequestSignature, "keyId" | "scope"> {
  const [keyId = "", day = "", region = "", service = "", end = ""] = credential.split("/");
  return { keyId, scope: { day, region, service, end } };
}
