import { type ErrorCode, LakotaError, throwIfAborted } from "../../model/errors.ts";
import { checkPath, encodePath, selectEntries } from "../path.ts";
import type { Entry, ListOptions, PutOptions, SignalOptions, Store } from "../store.ts";
import { bodyOf, isStored, RESENDS_SILENTLY } from "./lost-response.ts";
import type { Transport } from "./transport.ts";

interface Access {
  /** Sent along with each request: empty, or from `?` on. */
  readonly query: string;
  readonly token: string | undefined;
  readonly transport: Transport;
}

interface Ask {
  readonly method: "GET" | "PUT" | "POST" | "DELETE";
  readonly path?: string;
  /** What the query says besides. */
  readonly say?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer>;
}

interface SendOptions extends SignalOptions {
  onFailure?: () => void;
}

const PASS_IT =
  "the option `token`, on the command line --token or LAKOTA_TOKEN: the one that `lakota serve --writable` printed or was given";
const READ_ONLY =
  "Start it with `lakota serve --writable` and pass its token, or open the bucket itself (s3://), or pull the repo into a store of your own.";

/** The part of {@link HttpStore} that writes, and lists for those who write. `docs/cli.md` has the protocol. */
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
    let answerLost = RESENDS_SILENTLY;
    const onFailure = () => {
      answerLost = true;
    };
    const made = await this.#send(
      { method: "PUT", path, body: bodyOf(bytes), ...(!overwrite && { headers: { "if-none-match": "*" } }) },
      `write ${path}`,
      async ({ ok, status }) => (status === 412 ? false : ok || undefined),
      { signal, onFailure },
    );
    return made || (answerLost && isStored(this.#store, path, bytes, options));
  }

  async list(prefix: string, { startAfter, signal }: ListOptions = {}): Promise<Entry[]> {
    const say = { list: prefix, ...(startAfter && { "start-after": startAfter }) };
    const read = async (response: Response) => (response.ok ? parseList(await response.text()) : undefined);
    return selectEntries(
      await this.#send({ method: "GET", say }, "list it", read, { signal }),
      prefix,
      startAfter,
    );
  }

  async delete(path: string, { signal }: SignalOptions = {}): Promise<void> {
    checkPath(path);
    const read = async ({ ok }: Response) => ok || undefined;
    await this.#send({ method: "DELETE", path }, `delete ${path}`, read, { signal });
  }

  async move(from: string, to: string, { signal }: SignalOptions = {}): Promise<void> {
    checkPath(from);
    checkPath(to);
    let answerLost = false;
    const onFailure = () => {
      answerLost = true;
    };
    const moved = await this.#send(
      { method: "POST", path: from, say: { move: to } },
      `move ${from}`,
      async ({ ok, status }) => (status === 404 ? false : ok || undefined),
      { signal, onFailure },
    );
    if (moved || (answerLost && (await this.#store.get(to, { signal, reload: true })))) return;
    throw new LakotaError("not-found", `There is no ${from} in ${this.#store.uri} to be moved.`);
  }

  /** @param read what the answer means; nothing: a refusal */
  async #send<T>(
    { method, path = "", say, headers, body }: Ask,
    doing: string,
    read: (response: Response) => Promise<T | undefined>,
    options: SendOptions,
  ): Promise<T> {
    throwIfAborted(options.signal);
    const { query, token, transport } = this.#access;
    if (token === undefined && method !== "GET") await this.#knock(doing, options);
    if (token !== undefined && !/^[!-~]+$/.test(token)) {
      throw new LakotaError(
        "invalid-argument",
        "The token has characters that none can have. Pass it as it was printed.",
      );
    }
    const address = new URL(this.#store.url + encodePath(path) + query);
    // Not by searchParams: they would write the rest of the query, which is the host's, in another way.
    const more = Object.entries(say ?? {}).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
    address.search = [address.search.slice(1), ...more].filter(Boolean).join("&");
    const make = async () =>
      new Request(address, {
        method,
        body,
        headers: { ...headers, ...(token !== undefined && { authorization: `Bearer ${token}` }) },
        signal: options.signal,
        cache: "no-store",
      });
    return transport.send(
      make,
      async (response) => {
        const result = await read(response);
        if (result !== undefined) return result;
        throw this.#refusal(response, doing);
      },
      options,
    );
  }

  /** Without a token no file is sent to a host that may be anybody's: it is asked whether a token is what it wants. */
  #knock(doing: string, options: SendOptions): Promise<never> {
    return this.#send<never>({ method: "GET", say: { list: "0" } }, doing, async () => undefined, options);
  }

  #refusal({ ok, status, statusText }: Response, doing: string): LakotaError {
    const fail = (code: ErrorCode, why: string) =>
      new LakotaError(code, `Cannot ${doing}: ${this.#store.uri} ${why}`);
    switch (status) {
      case 401:
        return fail(
          "forbidden",
          `${this.#access.token === undefined ? "wants a token. Pass it" : "does not know this token. Pass the right one"} as ${PASS_IT}.`,
        );
      case 403:
        return fail("forbidden", "may not do that in its own store. Its log says why.");
      case 400:
        return fail("invalid-argument", "takes nothing but a repo's own files.");
      case 413:
        return fail("quota", "takes no file of this size. Start it with a larger --max-file.");
    }
    const lacks = ok || [404, 405, 501].includes(status);
    return lacks
      ? fail("unsupported", `is a web host for reading only. ${READ_ONLY}`)
      : fail("network", `answers ${status} ${statusText}.`);
  }
}

/** The entries of a listing; nothing for what is none, such as a page. */
function parseList(text: string): Entry[] | undefined {
  const files = filesOf(text);
  if (!Array.isArray(files)) return undefined;
  const entries: Entry[] = [];
  for (const file of files) {
    if (!Array.isArray(file)) return undefined;
    const [path, size]: unknown[] = file;
    if (typeof path !== "string" || typeof size !== "number") return undefined;
    entries.push({ path, size });
  }
  return entries;
}

function filesOf(text: string): unknown {
  try {
    const answer: unknown = JSON.parse(text);
    const isList = typeof answer === "object" && answer !== null && "lakota" in answer && answer.lakota === 1;
    return isList && "files" in answer ? answer.files : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
