import { LakotaError } from "../../model/errors.ts";
import { TransientError } from "../http/retry.ts";
import { isWebPage, WEB_PAGE_ADVICE } from "../http/web-page.ts";

/** Returns the error for a response with status 200 that is no listing. */
export function unreadableListing(
  response: Response,
  xml: string,
  where: string,
  cause: unknown,
): TransientError {
  const reason = /<Code>(\w+)<\/Code>/.exec(xml)?.[1]; // a slow listing may fail after status 200
  const why = isWebPage(response)
    ? `${WEB_PAGE_ADVICE}, or the endpoint is no S3 server`
    : reason
      ? `it responded ${reason}. Try again later`
      : "the response is not an S3 listing. Is the endpoint an S3 server?";
  const code = isWebPage(response) || reason ? "network" : "unsupported";
  return new TransientError(new LakotaError(code, `Cannot list ${where}: ${why}`, { cause }));
}

/** Returns the error for a listing that breaks the rules of S3. */
export function unusableListing(where: string, fault: string): LakotaError {
  const advice = "This is a fault of the server: update or report it.";
  return new LakotaError("unsupported", `Cannot list ${where}: the server ${fault}. ${advice}`);
}
