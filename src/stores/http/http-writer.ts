import { type ErrorCode, LakotaError, throwIfAborted } from "../../model/errors.ts";
import { checkPath, encodePath, selectEntries } from "../path.ts";
import type { Entry, ListOptions, PutOptions, SignalOptions, Store } from "../store.ts";
import { readText } from "./body.ts";
import { bodyOf, isStored, RESENDS_SILENTLY } from "./lost-response.ts";
import { TransientError } from "./retry.ts";
import type { Transport } from "./transport.ts";
import { isWebPage } from "./web-page.ts";
import { WEB_PAGE_ADVICE } from "./web-page-advice.ts";

interface Access {
  /** Sent along with each request: empty, or from `?` on. */
  readonly query: string;
  readonly token: string | undefined;
  readonly transport: Transport;
}

interface RequestParts {
  readonly method: "GET" | "PUT" | "POST" | "DELETE";
  readonly path?: string;
  /** Query parameters. */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer>;
}

interface SendOptions extends SignalOptions {
  onFailure?: () => void;
}

const HOW_TO_PASS =
  "the option `token`, on the command line --token or LAKOTA_TOKEN: the one that `lakota serve --writable` printed or was started with";
const READ_ONLY =
  "Start it with `lakota serve --writable` and pass its token, or open the bucket itself (s3://), or pull the repo into a store of your own.";

/** The part of {@link HttpStore} that talks to a writable host. `docs/cli.md` describes the protocol. */
export class HttpWriter {
  readonly #store: Store & { readonly url: string };
  readonly #access: Access;

  constructor(store: Store & { readonly url: string }, access: Access) {
    this.#store = store;
    this.#access = access;
  }

  async put(path: string, bytes: Uint8Array, options: PutOptions = {}): Promise<boolean> {
    checkPath(path);
    const { signal, overwrite } = options;
    let responseLost = RESENDS_SILENTLY;
    const onFailure = () => {
      responseLost = true;
    };
    const created = await this.#send(
      { method: "PUT", path, body: bodyOf(bytes), ...(!overwrite && { headers: { "if-none-match": "*" } }) },
      `write ${path}`,
      async ({ status }) => (status === 412 ? false : status === 201 || undefined),
      { signal, onFailure },
    );
    return created || (responseLost && isStored(this.#store, path, bytes, options));
  }

  async list(prefix: string, { startAfter, signal, detail }: ListOptions = {}): Promise<Entry[]> {
    const parameters = {
      list: prefix,
      ...(startAfter && { "start-after": startAfter }),
      ...(detail === "modified" && { detail }),
    };
    const read = async (response: Response, onBytes: (bytes: number) => void) =>
      response.ok ? parseList(await readText(response, onBytes)) : undefined;
    return selectEntries(
      await this.#send({ method: "GET", parameters }, "list it", read, { signal }),
      prefix,
      startAfter,
    );
  }

  async delete(path: string, { signal }: SignalOptions = {}): Promise<void> {
    checkPath(path);
    const read = async ({ status }: Response) => status === 204 || undefined;
    await this.#send({ method: "DELETE", path }, `delete ${path}`, read, { signal });
  }

  async move(from: string, to: string, { signal }: SignalOptions = {}): Promise<void> {
    checkPath(from);
    checkPath(to);
    let responseLost = false;
    const onFailure = () => {
      responseLost = true;
    };
    const moved = await this.#send(
      { method: "POST", path: from, parameters: { move: to } },
      `move ${from}`,
      async ({ status }) => (status === 404 ? false : status === 204 || undefined),
      { signal, onFailure },
    );
    if (moved || (responseLost && (await this.#store.get(to, { signal, reload: true })))) return;
    throw new LakotaError("not-found", `There is no ${from} in ${this.#store.uri} to be moved.`);
  }

  /** @param read returns the result, or `undefined` if the host refused the request */
  async #send<T>(
    { method, path = "", parameters, headers, body }: RequestParts,
    doing: string,
    read: (response: Response, onBytes: (bytes: number) => void) => Promise<T | undefined>,
    options: SendOptions,
  ): Promise<T> {
    throwIfAborted(options.signal);
    const { query, token, transport } = this.#access;
    if (token === undefined && method !== "GET") await this.#checkHost(doing, options);
    if (token !== undefined && !/^[!-~]+$/.test(token)) {
      throw new LakotaError(
        "invalid-argument",
        "The token contains characters that no token has. Pass it as it was printed.",
      );
    }
    const address = new URL(this.#store.url + encodePath(path) + query);
    // Not by searchParams, which would re-encode the rest of the query.
    const more = Object.entries(parameters ?? {}).map(
      ([name, value]) => `${name}=${encodeURIComponent(value)}`,
    );
    address.search = [address.search.slice(1), ...more].filter(Boolean).join("&");
    const make = async (signal: AbortSignal) =>
      new Request(address, {
        method,
        body,
        headers: { ...headers, ...(token !== undefined && { authorization: `Bearer ${token}` }) },
        signal,
        cache: "no-store",
      });
    return transport.send(
      make,
      async (response, onBytes) => {
        const result = await read(response, onBytes);
        if (result !== undefined) return result;
        const error = this.#errorFor(response, doing);
        // Not from a writable host, or a truncated listing; without a token, no writable host is known.
        throw response.ok && token !== undefined ? new TransientError(error) : error;
      },
      { ...options, upload: body?.length },
    );
  }

  /**
   * Throws what is missing. Without a token, no file is sent to an unknown host; a listing shows what it
   * expects.
   */
  #checkHost(doing: string, options: SendOptions): Promise<never> {
    return this.#send<never>(
      { method: "GET", parameters: { list: "0" } },
      doing,
      async () => undefined,
      options,
    );
  }

  #errorFor(response: Response, doing: string): LakotaError {
    const { ok, status, statusText } = response;
    const fail = (code: ErrorCode, why: string) =>
      new LakotaError(code, `Cannot ${doing}: ${this.#store.uri} ${why}`);
    switch (status) {
      case 401:
        return fail(
          "forbidden",
          `${this.#access.token === undefined ? "requires a token. Pass it" : "does not accept this token. Pass the right one"} as ${HOW_TO_PASS}.`,
        );
      case 403:
        return fail("forbidden", "is not permitted to do that in its own store. See its log.");
      case 400:
        return fail("invalid-argument", "accepts only the files of a repo.");
      case 413:
        return fail("quota", "does not accept files of this size. Start it with a larger --max-file.");
    }
    if (ok && this.#access.token !== undefined && isWebPage(response))
      return fail("network", `did not do it: ${WEB_PAGE_ADVICE}, or the host is read-only. ${READ_ONLY}`);
    const isReadOnly = ok || [404, 405, 501].includes(status);
    return isReadOnly
      ? fail("unsupported", `is a read-only web host. ${READ_ONLY}`)
      : fail("network", `responded ${status} ${statusText}.`);
  }
}

/** Returns the entries of a listing, or `undefined` for any other response, such as a web page. */
function parseList(text: string): Entry[] | undefined {
  const files = filesOf(text);
  if (!Array.isArray(files)) return undefined;
  const entries: Entry[] = [];
  for (const file of files) {
    if (!Array.isArray(file)) return undefined;
    const [path, size, modified]: unknown[] = file;
    if (typeof path !== "string" || typeof size !== "number") return undefined;
    entries.push({ path, size, ...(typeof modified === "number" && { modified }) });
  }
  return entries;
}

function filesOf(text: string): unknown {
  try {
    const listing: unknown = JSON.parse(text);
    const isListing =
      typeof listing === "object" && listing !== null && "lakota" in listing && listing.lakota === 1;
    return isListing && "files" in listing ? listing.files : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
