import { systemClock } from "../../src/async/clock.ts";
import type { StoreOptions } from "../../src/engine.ts";
import type { ErrorCode } from "../../src/model/errors.ts";
import type { Fault as ServerFault } from "../s3-server/index.ts";

/** Requests that a fault can affect: all, those that read an object, or those that list. */
export type Target = "any" | "object" | "listing";

/** A fault as data: what happens to a request, and what the library may say about it. */
export interface Fault {
  readonly name: string;
  readonly target: Target;
  /** What the server does. */
  readonly effect?: ServerFault;
  /** Whether the request is sent to a port where nothing listens. */
  readonly refused?: boolean;
  /** Options of the client, for a fault that is there from the start. */
  readonly client?: StoreOptions;
  /** Number of requests that a lasting fault affects. Default: all that follow. */
  readonly lasts?: number;
  /** Codes of the errors that are right. */
  readonly codes: readonly ErrorCode[];
  /** Whether a read may return what was right before the newest revision. */
  readonly old?: boolean;
}

/** Longer than any test. */
const FOREVER = 3_600_000;
const HOUR = 3_600_000;
/** Milliseconds of silence after which a request of these tests has failed. */
const SILENCE = 150;

const noAnswer = { target: "any", codes: ["network"] } as const;
/** The server's time corrects a wrong clock. */
const wrongClock = { target: "any", codes: [] } as const;
const denied = { target: "any", codes: ["forbidden"] } as const;
const stalled = { ...noAnswer, client: { timeout: SILENCE } } as const;
/** A page instead of a listing is no S3; instead of an object it is damage. */
const noS3 = { target: "any", codes: ["network", "corrupt", "unsupported"] } as const;
const damaged = { target: "object", codes: ["corrupt"] } as const;

export const faults: readonly Fault[] = [
  { ...noAnswer, name: "refused", refused: true },
  { ...noAnswer, name: "reset before it is applied", effect: { reset: "before" } },
  { ...noAnswer, name: "reset after it is applied", effect: { reset: "after" } },
  { ...stalled, name: "stalled before the answer", effect: { latency: FOREVER } },
  { ...stalled, name: "stalled within the answer", effect: { stall: true } },
  { ...denied, name: "403", effect: { status: 403, code: "AccessDenied" } },
  { ...denied, name: "expired keys", effect: { status: 400, code: "ExpiredToken" } },
  {
    ...wrongClock,
    name: "clock an hour ahead",
    client: { clock: { ...systemClock, now: () => Date.now() + HOUR, random: () => 0 } },
  },
  {
    ...wrongClock,
    name: "clock an hour behind",
    client: { clock: { ...systemClock, now: () => Date.now() - HOUR, random: () => 0 } },
  },
  {
    name: "404 of a listed file",
    target: "object",
    effect: { status: 404, code: "NoSuchKey" },
    codes: ["not-found", "corrupt"],
  },
  { ...noAnswer, name: "500", effect: { status: 500 } },
  { ...noAnswer, name: "503 SlowDown", effect: { status: 503 } },
  { ...noAnswer, name: "truncated", effect: { truncate: true } },
  {
    name: "half a body as a whole one",
    target: "any",
    effect: { shorten: true },
    codes: ["corrupt", "network", "unsupported"],
  },
  { ...damaged, name: "flipped bit", effect: { corrupt: true } },
  { ...damaged, name: "another object's bytes", effect: { swap: true } },
  { ...noS3, name: "200 without a body", effect: { pretend: "empty" } },
  { ...noS3, name: "200 with a web page", effect: { pretend: "html" } },
  {
    name: "old listing",
    target: "listing",
    effect: { lag: 1 },
    lasts: 3,
    codes: ["not-found", "network"],
    old: true,
  },
  { name: "failing listing", target: "listing", effect: { status: 500 }, codes: ["network"] },
];
