import type { ErrorCode } from "../../model/errors.ts";
import { S3Error } from "./s3-error.ts";
import { childText, type Element, parseXml } from "./xml.ts";

/** What people can do about a refusal, by S3's word for it. */
const REFUSALS: Record<string, string> = {
  SignatureDoesNotMatch: "the secret access key is wrong, or the region is. Check both",
  InvalidAccessKeyId: "it does not know this access key. Check the access key and the endpoint",
  InvalidToken: "the session token is not valid. Ask for new credentials",
  ExpiredToken: "the session has expired. Ask for new credentials, or pass `credentials` as a function",
  TokenRefreshRequired:
    "the session has expired. Ask for new credentials, or pass `credentials` as a function",
  RequestTimeTooSkewed: "the clock of this device is wrong. Set it",
};

/** The error that an answer means. `where` names bucket and endpoint, `doing` what was asked for. */
export async function readS3Error(response: Response, doing: string, where: string): Promise<S3Error> {
  const { status } = response;
  const document = parseOrNothing(await response.text());
  const field = (name: string) => (document ? childText(document, name) : "");
  const reason = field("Code");
  const time = Date.parse(field("ServerTime"));
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
  const known = REFUSALS[reason]; // some of them come with a 400
  if (known) return fail("forbidden", `says that ${known}`);
  if (status === 401 || status === 403) {
    const said = field("Message") || reason || `status ${status}`;
    return fail("forbidden", `denies access ("${said}"). ${deniedAdvice(doing)}`);
  }
  const said = [reason, field("Message")].filter(Boolean).join(": ") || response.statusText;
  return fail(status === 501 || status === 405 ? "unsupported" : "network", `answers ${status} ${said}`);
}

function deniedAdvice(doing: string): string {
  if (doing.startsWith("list")) return "Listing a bucket needs the permission s3:ListBucket";
  if (doing.startsWith("read")) {
    return "Reading needs the permission s3:GetObject; without s3:ListBucket, S3 says the same of a missing file";
  }
  return "Writing needs the permissions s3:PutObject and s3:DeleteObject";
}

/** A proxy or a captive portal answers something else than XML. */
function parseOrNothing(text: string): Element | undefined {
  try {
    return parseXml(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
