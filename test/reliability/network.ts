import { hashedPath } from "../../src/model/layout.ts";
import { kindOf } from "../../src/model/parse-layout.ts";
import type { S3Server } from "../s3-server/index.ts";
import { type Fault, faults, type Target } from "./faults.ts";
import { TRIES_ALL } from "./positions.ts";

/** A request that the client sends. */
export interface SentRequest {
  readonly method: string;
  /** `/BUCKET/KEY`, decoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** What is done with what, as in `GET repo chunk`. */
  readonly kind: string;
}

/** When a fault occurs: at a request among those of a kind, and at all later ones of all kinds if it lasts. */
export interface Occurrence {
  readonly kind: string;
  readonly at: number;
  readonly lasting: boolean;
}

const REGISTRY = hashedPath("0".repeat(40));
/** An address where nothing listens. */
const NOBODY = "http://127.0.0.1:2/";

/** The network of one run, on which a fault occurs. */
export class Network {
  /** In the order in which they were sent. */
  readonly requests: SentRequest[] = [];
  /** Number of requests that the fault affected. */
  faults = 0;
  readonly #s3: S3Server;
  readonly #bucket: string;
  readonly #fault: Fault | undefined;
  readonly #occurrence: Occurrence | undefined;
  readonly #removals: (() => void)[] = [];
  #isRefused: (request: SentRequest) => boolean = () => false;
  #isConnected = true;
  readonly #pending = new Set<SentRequest>();

  constructor(s3: S3Server, bucket: string, fault?: Fault, occurrence?: Occurrence) {
    this.#s3 = s3;
    this.#bucket = bucket;
    this.#fault = fault;
    this.#occurrence = occurrence;
  }

  disconnect(): void {
    this.#isConnected = false;
  }

  /** Ends the fault. */
  restore(): void {
    for (const remove of this.#removals) remove();
  }

  fetch(request: Request): Promise<Response> {
    if (!this.#isConnected) return Promise.reject(new TypeError("fetch failed"));
    const sent = toSent(request);
    if (this.#occurrence?.kind === sent.kind && this.#countOf(sent.kind) === this.#occurrence.at)
      this.#strike(sent);
    this.requests.push(sent);
    const isRefused = this.#isRefused(sent);
    if (isRefused) this.faults++;
    this.#pending.add(sent);
    return (isRefused ? fetch(NOBODY) : fetch(request)).finally(() => this.#pending.delete(sent));
  }

  /** Says which requests have no response yet, and how many were sent. */
  progress(): string {
    const pending = [...this.#pending].map((sent) => `${sent.kind} (${this.requests.indexOf(sent) + 1})`);
    return `${this.requests.length} requests, without a response: ${pending.join(", ") || "none"}`;
  }

  #countOf(kind: string): number {
    return this.requests.filter((sent) => sent.kind === kind).length;
  }

  #strike(sent: SentRequest): void {
    const { refused, effect, target = "any", lasts } = this.#fault ?? {};
    const { lasting } = this.#occurrence!;
    if (refused) this.#isRefused = lasting ? () => true : (other) => other === sent;
    if (!effect) return;
    const rest = { any: "", object: ".", listing: "$" }[target];
    const key = lasting ? new RegExp(`^/${this.#bucket}/${rest}`) : exactly(sent.path);
    const method = lasting && target === "any" ? undefined : sent.method;
    const times = lasting ? lasts : 1;
    const onHit = () => this.faults++;
    const fault = { ...effect, key, onHit, ...(method && { method }), ...(times && { times }) };
    this.#removals.push(this.#s3.faults.add(fault));
  }
}

const exactly = (path: string) => new RegExp(`^${path.replace(/[.+*?()[\]\\^$|]/g, "\\$&")}$`);

function toSent({ method, url, headers }: Request): SentRequest {
  const { pathname, searchParams: query } = new URL(url);
  const path = decodeURIComponent(pathname);
  const [, , key = ""] = /^\/([^/]+)\/?(.*)$/.exec(path) ?? [];
  const action = headers.has("x-amz-copy-source") ? "copy" : method;
  const [prefix = "", ...rest] = (key || (query.get("prefix") ?? "")).split("/");
  const file = rest.join("/");
  const isOfRegistry = file.startsWith(REGISTRY);
  const what = key ? (kindOf(file) ?? "file") : file ? "listing of revisions" : "listing";
  return { method, path, query, kind: `${action} ${prefix} ${isOfRegistry ? "registry's " : ""}${what}` };
}

export const isListing = ({ method, path }: SentRequest) => method === "GET" && /^\/[^/]+\/?$/.test(path);

const targets: Readonly<Record<Target, (request: SentRequest) => boolean>> = {
  any: () => true,
  object: (request) => request.method === "GET" && !isListing(request),
  listing: isListing,
};

/** Of an operation with more kinds of requests, a fault that passes is tried at every third: most often a retry succeeds. */
const MANY_KINDS = 6;

/**
 * Returns when a fault is tried, of the requests that it can affect: from the first of each kind on, from the last
 * change of each kind on, and once at the first of each kind, or of some kinds, which differ from fault to fault; or all of them.
 */
export function occurrencesOf(fault: Fault, requests: readonly SentRequest[]): Occurrence[] {
  const affected = requests.filter(targets[fault.target]);
  const kinds = [...new Set(affected.map(({ kind }) => kind))].sort();
  if (!fault.effect && !fault.refused) return [{ kind: kinds[0]!, at: 0, lasting: true }];
  const every = kinds.length > MANY_KINDS ? 3 : 1;
  return kinds.flatMap((kind, index) => {
    const count = affected.filter((request) => request.kind === kind).length;
    const occurrences = Array.from({ length: count }, (_, at) => [
      { kind, at, lasting: false },
      { kind, at, lasting: true },
    ]).flat();
    const isSampled = ({ at, lasting }: Occurrence) => {
      if (at === 0) return lasting || (index + faults.indexOf(fault)) % every === 0;
      return at === count - 1 && lasting && !kind.startsWith("GET");
    };
    return TRIES_ALL ? occurrences : occurrences.filter(isSampled);
  });
}
