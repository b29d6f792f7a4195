import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import type { HttpResponse } from "./response.ts";

/** Whom a server answers, besides pages and programs of this machine. */
export interface GateOptions {
  /** Names under which others reach this server. Addresses and `localhost` are always right. */
  readonly hosts: readonly string[];
  /** Origins of pages that may read and write, such as `https://app.example`; `*` for all. */
  readonly origins: readonly string[];
}

/**
 * Keeps web pages of others away: any page that the user visits can send requests to this machine. Pages may read only
 * what is served to their origin; and a name that leads to this server's address (DNS rebinding) makes a page's origin
 * look like the server's own, so names must be known.
 */
export class Gate {
  readonly #hosts: ReadonlySet<string>;
  readonly #origins: ReadonlySet<string>;

  constructor({ hosts, origins }: GateOptions) {
    this.#hosts = new Set(hosts.map((host) => host.toLowerCase()));
    this.#origins = new Set(origins);
  }

  /** Returns the response that refuses a request; undefined if it is to be answered. */
  refusal({ headers: { host, origin } }: IncomingMessage): HttpResponse | undefined {
    const name = host === undefined ? undefined : hostnameOf(`http://${host}`);
    if (name === undefined || !(isLocalOrAddress(name) || this.#hosts.has(name)))
      return refuse(`This server is not known as ${JSON.stringify(name ?? "")}. Start it with --allow-host.`);
    if (origin !== undefined && !this.#isAllowed(origin, host))
      return refuse(
        `Pages of ${origin} may not read from this server. Start it with --allow-origin ${origin}.`,
      );
    return undefined;
  }

  /** Returns the headers of every response to a request. */
  headers(request: IncomingMessage): Record<string, string> {
    const { origin } = request.headers;
    const isAllowed = origin !== undefined && !this.refusal(request);
    return { vary: "origin", ...(isAllowed && { "access-control-allow-origin": origin }) };
  }

  #isAllowed(origin: string, host: string | undefined): boolean {
    if (this.#origins.has("*") || this.#origins.has(origin)) return true;
    if (origin === `http://${host}` || origin === `https://${host}`) return true;
    const name = hostnameOf(origin);
    return name !== undefined && isLoopback(name);
  }
}

/** Returns the name or address in a URL, without a port; undefined for other text. */
const hostnameOf = (url: string): string | undefined =>
  URL.canParse(url) ? new URL(url).hostname.replace(/^\[|\]$/g, "") : undefined;

/** Whether a name or address is that of the machine itself. */
export const isLoopback = (name: string): boolean =>
  name === "localhost" || name.endsWith(".localhost") || /^127\.[\d.]+$/.test(name) || name === "::1";

const isLocalOrAddress = (name: string): boolean => isLoopback(name) || isIP(name) !== 0;

const refuse = (message: string): HttpResponse => ({
  status: 403,
  headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" },
  body: `${message}\n`,
});
