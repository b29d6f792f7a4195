import { LakotaError } from "../../model/errors.ts";
import { INDEX_PATH } from "../../model/layout.ts";
import { TransientError } from "./retry.ts";
import { WEB_PAGE_ADVICE } from "./web-page-advice.ts";

/** What came in place of a file: a web page, or nothing. */
export interface WrongBody {
  readonly response: Response;
  readonly bytes: Uint8Array;
}

const PUBLISH =
  "Where the repo is written, run lakota publish once, or call repo.publish(); after that, writers keep the index up " +
  "to date.";

/**
 * Returns the error for a web host without an index. It is `network`, so that the last index is used, where the response
 * may come from something else than the host.
 *
 * @param uri the address of the repo
 * @param found the response, if it was successful
 */
export function noIndex(uri: string, found: WrongBody | undefined): LakotaError {
  if (!found) {
    const message = `${uri} has no index (${INDEX_PATH}), and a web host cannot list its files. ${PUBLISH}`;
    return new LakotaError("not-found", message);
  }
  const { response, bytes } = found;
  const login = loginAdvice(response, uri);
  if (login) return new LakotaError("network", `The index of ${uri} cannot be read: ${login}.`);
  const why =
    bytes.length === 0
      ? "the host responded with nothing. Try again later"
      : `${WEB_PAGE_ADVICE}. Or no repo is published there, and the host sends its page for every missing file`;
  return new LakotaError("network", `The index of ${uri} (${INDEX_PATH}) cannot be read: ${why}. ${PUBLISH}`);
}

/** Returns the error for a web page in place of a file. */
export function wrongBody(path: string, uri: string): TransientError {
  return new TransientError(
    new LakotaError("network", `Cannot read ${path} from ${uri}: ${WEB_PAGE_ADVICE}.`),
  );
}

/** Says where a request was redirected to, if that is another address: there is a login page, or a network's portal. */
export function loginAdvice(response: Response, uri: string): string | undefined {
  if (!response.redirected || !URL.canParse(response.url)) return undefined;
  const { origin, host, pathname } = new URL(response.url);
  const place = origin === new URL(uri).origin ? `${host}${pathname}` : host;
  return `a login is asked for at ${place}: the request was redirected there, and a web page came. Log in there, then try again`;
}

/** Returns the error for an unsuccessful response. */
export function refusal(path: string, uri: string, { status, statusText }: Response): LakotaError {
  const isDenied = status === 401 || status === 403;
  const why = isDenied ? deniedAdvice(path, status) : statusText;
  return new LakotaError(isDenied ? "forbidden" : "network", `${uri} responded ${status} to ${path}. ${why}`);
}

function deniedAdvice(path: string, status: number): string {
  const advice = "Does the address need a login, or a token in its query?";
  if (status !== 403) return advice;
  return path === INDEX_PATH
    ? `${advice} A bucket of S3 responds so, too, where there is no index. ${PUBLISH}`
    : `${advice} A bucket of S3 responds so, too, if it has no such file.`;
}
