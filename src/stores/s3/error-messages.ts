import { type ErrorCode, LakotaError } from "../../model/errors.ts";
import { ownEntry } from "../../model/own-entry.ts";
import { readErrorText } from "../http/body.ts";
import { loginAdvice } from "../http/error-messages.ts";
import { TransientError } from "../http/retry.ts";
import { isWebPage } from "../http/web-page.ts";
import { WEB_PAGE_ADVICE } from "../http/web-page-advice.ts";
import type { S3Address } from "./address.ts";
import { S3Error } from "./s3-error.ts";
import { childText, type Element, parseXml } from "./xml.ts";

/** Explanation and advice by S3's error code. */
const EXPLANATIONS: Record<string, string> = {
  SignatureDoesNotMatch: "the secret access key is wrong, or the region is. Check both",
  InvalidAccessKeyId: "it does not know this access key. Check the access key and the endpoint",
  InvalidToken: "the session token is not valid. Ask for new credentials",
  ExpiredToken: "the session has expired. Ask for new credentials, or pass `credentials` as a function",
  TokenRefreshRequired:
    "the session has expired. Ask for new credentials, or pass `credentials` as a function",
  RequestTimeTooSkewed: "the clock of this device is wrong. Set it",
};

/** The bucket that a request was sent to. */
export interface Target {
  readonly address: S3Address;
  /** Bucket and endpoint, for messages. */
  readonly where: string;
}

/**
 * Returns the error for an unsuccessful response.
 *
 * @param doing what was requested, such as `read PATH`
 */
export async function readS3Error(
  response: Response,
  doing: string,
  { address, where }: Target,
  onBytes: (bytes: number) => void,
): Promise<S3Error> {
  const { status } = response;
  const document = tryParse(await readErrorText(response, onBytes));
  const field = (name: string) => (document ? withoutSignature(childText(document, name)) : "");
  const reason = field("Code");
  // Browsers show the header only where the server exposes it.
  const time = Date.parse(field("ServerTime") || (response.headers.get("date") ?? ""));
  const fail = (code: ErrorCode, why: string) =>
    new S3Error(
      code,
      `Cannot ${doing}: ${where} ${why}.`,
      status,
      reason,
      Number.isNaN(time) ? undefined : time,
    );

  const advice = status === 404 && doing.startsWith("list") ? bucketInEndpoint(address) : undefined;
  if (advice) return fail("invalid-argument", `was not found: ${advice}`);
  if (reason === "NoSuchBucket")
    return fail("not-found", "has no such bucket. Check its name, region and endpoint");
  if (status === 404) return fail("not-found", "has no such file");
  if (status >= 300 && status < 400) {
    const endpoint = withoutBucket(field("Endpoint"), address);
    const region = field("Region") || response.headers.get("x-amz-bucket-region") || regionOf(endpoint);
    const place = [region && `in region ${region}`, endpoint && `at ${endpoint}`].filter(Boolean).join(", ");
    const options = [region && "`region`", endpoint && "the address as `endpoint`"].filter(Boolean);
    if (place)
      return fail("invalid-argument", `says that the bucket is ${place}. Pass ${options.join(" or ")}`);
  }
  const target = status < 500 ? redirectedTo(response, address) : undefined;
  if (target) return fail("invalid-argument", `redirects to ${target}. Pass that as \`endpoint\``);
  const region = field("Region");
  if (region && status < 500 && status !== 403)
    return fail("invalid-argument", `is in region ${region}. Pass \`region\``);
  const known = ownEntry(EXPLANATIONS, reason); // some of them come with a 400
  if (known) return fail("forbidden", `says that ${known}`);
  if (status === 403 && /expired|not valid yet/i.test(field("Message")))
    return fail(
      "forbidden",
      "says that the request has expired or is not valid yet. The clock of this device may be wrong: set it",
    );
  if (status === 401 || status === 403) {
    const reply = field("Message") || reason || `status ${status}`;
    return fail("forbidden", `denies access ("${reply}"). ${deniedAdvice(doing)}`);
  }
  const reply = [reason, field("Message")].filter(Boolean).join(": ") || response.statusText;
  return fail(status === 501 || status === 405 ? "unsupported" : "network", `responded ${status} ${reply}`);
}

/** Returns the error for a successful response that is no listing. A request that is sent again may get one. */
export function unreadableListing(
  response: Response,
  xml: string,
  { address, where }: Target,
  cause: unknown,
): LakotaError | TransientError {
  const fail = (code: ErrorCode, why: string) =>
    new LakotaError(code, `Cannot list ${where}: ${why}`, { cause });
  const document = tryParse(xml);
  if (document?.name === "ListBucketResult" && childText(document, "IsTruncated") === "true")
    return fail(
      "unsupported",
      "the server knows only version 1 of ListObjects, by which it lists no more than 1,000 files. Lakota needs ListObjectsV2",
    );
  const reason = /<Code>(\w+)<\/Code>/.exec(xml)?.[1]; // a slow listing may fail after status 200
  const login = isWebPage(response) ? loginAdvice(response, address.endpoint) : undefined;
  if (login) return new TransientError(fail("network", login));
  if (isWebPage(response))
    return new TransientError(fail("network", `${WEB_PAGE_ADVICE}, or the endpoint is no S3 server`));
  if (reason) return new TransientError(fail("network", `it responded ${reason}. Try again later`));
  const advice = bucketInEndpoint(address) ?? "Is the endpoint an S3 server?";
  return new TransientError(fail("unsupported", `the response is not an S3 listing. ${advice}`));
}

/** Returns the error for a listing that breaks the rules of S3. */
export function unusableListing(fault: string, { where }: Target): LakotaError {
  const advice = "This is a fault of the server: update or report it.";
  return new LakotaError("unsupported", `Cannot list ${where}: the server ${fault}. ${advice}`);
}

/** Returns the error for a web page in place of the response. */
export function webPageError(doing: string, { where }: Target): TransientError {
  return new TransientError(new LakotaError("network", `Cannot ${doing} in ${where}: ${WEB_PAGE_ADVICE}.`));
}

/** Consoles show endpoints with the bucket's name, in the path or in the host name: then it is in the URLs twice. */
function bucketInEndpoint({ bucket, endpoint }: S3Address): string | undefined {
  const { host, pathname } = new URL(endpoint);
  if (!pathname.endsWith(`/${bucket}`) && !host.startsWith(`${bucket}.`)) return undefined;
  return `the endpoint has the bucket's name "${bucket}" in it. Pass the endpoint without it`;
}

/** Returns the endpoint that the server redirected to, if it did: a signature is valid for one host only. */
function redirectedTo(response: Response, address: S3Address): string | undefined {
  if (!response.redirected || !URL.canParse(response.url)) return undefined;
  const { protocol, host } = new URL(response.url);
  if (host === new URL(address.listUrl({})).host) return undefined;
  return `${protocol}//${withoutBucket(host, address)}`;
}

const withoutBucket = (host: string, { bucket }: S3Address): string =>
  host.startsWith(`${bucket}.`) ? host.slice(bucket.length + 1) : host;

/** Returns the region in the name of AWS's endpoint, such as `s3-us-west-2.amazonaws.com`. */
const regionOf = (host: string): string => /\bs3[.-]([a-z]+(?:-[a-z]+)+-\d+)\./.exec(host)?.[1] ?? "";

/** Some servers quote the URL of the request, with its signature and session token. */
const withoutSignature = (text: string): string => text.replace(/[?&]X-Amz-[\w-]+=[^&\s"'<>]*/gi, "");

function deniedAdvice(doing: string): string {
  if (doing.startsWith("list")) return "Listing a bucket needs the permission s3:ListBucket";
  if (doing.startsWith("read")) {
    return "Reading needs the permission s3:GetObject; without s3:ListBucket, S3 also denies access to missing files";
  }
  return "Writing needs the permissions s3:PutObject and s3:DeleteObject";
}

/** Returns `undefined` for anything but XML, such as the page of a proxy or a captive portal. */
function tryParse(text: string): Element | undefined {
  try {
    return parseXml(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
