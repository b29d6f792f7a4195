import { untilAborted } from "../../async/abort.ts";
import { type Clock, systemClock } from "../../async/clock.ts";
import { type LakotaError, throwIfAborted } from "../../model/errors.ts";

/** A failure that may pass: thrown by an attempt that is worth repeating. */
export class TransientError extends Error {
  /** The error for the caller once no attempts are left. */
  readonly final: LakotaError;
  /** Milliseconds to wait, from the server's Retry-After. */
  readonly retryAfter: number | undefined;

  /** How many attempts it counts as. */
  readonly weight: number;

  constructor(final: LakotaError, retryAfter?: number, weight = 1) {
    super(final.message);
    this.final = final;
    this.retryAfter = retryAfter;
    this.weight = weight;
  }
}

export interface RetryOptions {
  /** Attempts after the first one. Default 4. */
  retries?: number;
  signal?: AbortSignal;
  clock?: Clock;
}

/** Milliseconds. */
const FIRST_DELAY = 100;
const MAX_DELAY = 30_000;

/**
 * Runs `attempt` until it succeeds, throws anything but a {@link TransientError}, or no attempts are left.
 * Backoff is exponential with full jitter (a random part of 100, 200, 400 … ms), so that the clients of an
 * overloaded server spread out; it is added to a server's Retry-After, up to 30 s in all.
 */
export async function withRetries<T>(attempt: () => Promise<T>, options: RetryOptions = {}): Promise<T> {
  const { retries = 4, signal, clock = systemClock } = options;
  for (let failures = 0; ; ) {
    throwIfAborted(signal);
    try {
      return await untilAborted(attempt(), signal);
    } catch (error) {
      if (!(error instanceof TransientError)) throw error;
      const jitter = clock.random() * FIRST_DELAY * 2 ** failures;
      failures += error.weight;
      if (failures > retries) throw error.final;
      await clock.sleep(Math.min(MAX_DELAY, (error.retryAfter ?? 0) + jitter), signal);
    }
  }
}

/** Returns the milliseconds to wait by a Retry-After header, which holds seconds or a date. */
export function parseRetryAfter(value: string | null, now: number): number | undefined {
  if (value === null) return undefined;
  const ms = /^\s*\d+\s*$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
