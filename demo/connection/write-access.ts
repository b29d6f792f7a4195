import { type Settings, webAddress } from "./settings.ts";

/** Why a repository cannot be written as it is open, and what to do about it. */
export interface WriteObstacle {
  title: string;
  advice: string;
  /** The field of the connection that may help. */
  field: "token" | "accessKeyId";
}

/**
 * Finds out whether a repository can be written, before anyone prepares rows for it. Undefined as far as the page can
 * know: whether an access key permits writing only shows then.
 *
 * @param request asks a web host, which says by its status whether it takes writes; default: fetch
 */
export async function writeObstacle(
  settings: Settings,
  request: (url: URL) => Promise<{ status: number }> = (url) => fetch(url, { cache: "no-store" }),
): Promise<WriteObstacle | undefined> {
  const address = webAddress(settings);
  if (!address) return settings.uri.startsWith("s3:") && !settings.accessKeyId ? NO_KEY : undefined;
  if (settings.token) return undefined;
  const listing = new URL(address);
  listing.pathname = `${address.pathname.replace(/\/+$/, "")}/`;
  listing.searchParams.set("list", "0");
  const status = await request(listing).then(
    (response) => response.status,
    () => 0, // offline, or CORS forbids it
  );
  return status === 401 ? NO_TOKEN : READ_ONLY;
}

const NO_KEY: WriteObstacle = {
  title: "Read-only without a key",
  advice: "This bucket is open without an access key. To write, enter a key that permits it.",
  field: "accessKeyId",
};

const NO_TOKEN: WriteObstacle = {
  title: "Writing needs a token",
  advice:
    "This host accepts writes from anyone with its token, which “lakota serve --writable” prints when it starts.",
  field: "token",
};

const READ_ONLY: WriteObstacle = {
  title: "This repository is read-only",
  advice:
    "It is served by a plain web host: all of it can be read, compared and exported, and files that you add stay in this browser. To write, open the bucket behind it, or start the host with “lakota serve --writable” and enter its token.",
  field: "token",
};
