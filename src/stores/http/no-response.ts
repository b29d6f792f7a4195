import { LakotaError } from "../../model/errors.ts";

/** Returns the error for a request without a response, with the possible causes: `fetch` does not tell a page which it is. */
export function noResponse(address: string, cause: unknown): LakotaError {
  const origin = globalThis.location?.origin;
  const message =
    origin === undefined
      ? `No response from ${address}: the network is down, or the address is wrong (${reasonOf(cause)}).`
      : `No usable response from ${address}. Either the network is down, or the address is wrong, or the ` +
        "Content-Security-Policy of the page, or of worker.js, does not allow it (connect-src), or CORS is missing: the " +
        `server must allow the origin ${origin}. To check: curl -i -H "Origin: ${origin}" "${address}" should print ` +
        "Access-Control-Allow-Origin; for S3, set the bucket's CORS rules. The browser's console says which it is.";
  return new LakotaError("network", message, { cause });
}

/** Returns the error for a server that could not do its work after all attempts. @param text of its response */
export function busy(address: string, { status, statusText }: Response, text: string): LakotaError {
  const reason = /<Code>(\w+)<\/Code>/.exec(text)?.[1] ?? statusText;
  const message = `${address} still responds ${status} ${reason} after several attempts. Try later.`;
  return new LakotaError("network", message);
}

/** Node has the reason of a failed fetch in its cause. */
function reasonOf(error: unknown): string {
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return inner instanceof Error ? inner.message || inner.name : String(inner);
}
