import type { ErrorCode } from "../../model/errors.ts";
import { ownEntry } from "../../model/own-entry.ts";
import { readErrorText } from "../http/body.ts";
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

/**
 * Returns the error for an unsuccessful response.
 *
 * @param doing what was requested, such as `read PATH`
 * @param where bucket and endpoint
 */
export async function readS3Error(
  response: Response,
  doing: string,
  where: string,
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

  if (reason === "NoSuchBucket")
    return fail("not-found", "has no such bucket. Check its name, region and endpoint");
  if (status === 404) return fail("not-found", "has no such file");
  const region = field("Region");
  if (region && status < 500 && status !== 403)
    return fail("invalid-argument", `is in region ${region}. Pass \`region\``);
  const known = ownEntry(EXPLANATIONS, reason); // some of them come with a 400
  if (known) return fail("forbidden", `says that ${known}`);
  if (status === 403 && /expired/i.test(field("Message")))
    return fail(
      "forbidden",
      "says that the request has expired. The clock of this device may be wrong: set it",
    );
  if (status === 401 || status === 403) {
    const reply = field("Message") || reason || `status ${status}`;
    return fail("forbidden", `denies access ("${reply}"). ${deniedAdvice(doing)}`);
  }
  const reply = [reason, field("Message")].filter(Boolean).join(": ") || response.statusText;
  return fail(status === 501 || status === 405 ? "unsupported" : "network", `responded ${status} ${reply}`);
}

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
