import { untilAborted } from "../../async/abort.ts";
import { type Clock, systemClock } from "../../async/clock.ts";
import { type LakotaError, throwIfAborted } from "../../model/errors.ts";

/** What an attempt throws when another one may do better. */
export class TransientError extends Error {
  /** What the caller gets once there are no attempts left. */
  readonly final: LakotaError;
  /** Milliseconds that the server asked us to wait. */
  readonly retryAfter: number | undefined;

  constructor(final: LakotaError, retryAfter?: number) {
    super(final.message);
    this.final = final;
    this.retryAfter = retryAfter;
  }
}

export interface RetryOptions {
  /** Attempts after the first one. Default 4. */
  retries?: number;
  signal?: AbortSignal;
  clock?: Clock;
}

const FIRST_WAIT = 100;
const LONGEST_WAIT = 30_000;

/**
 * Runs `attempt` until it answers, or throws anything but a {@link TransientError}, or no attempts are left.
 * The waits between grow exponentially with full jitter (a random part of 100, 200, 400 … ms), so that many
 * clients of one struggling server spread out; a server's Retry-After is waited out in full, up to 30 s.
 */
export async function withRetries<T>(attempt: () => Promise<T>, options: RetryOptions = {}): Promise<T> {
  const { retries = 4, signal, clock = systemClock } = options;
  for (let failures = 0; ; failures++) {
    throwIfAborted(signal);
    try {
      return await untilAborted(attempt(), signal);
    } catch (error) {
      if (!(error instanceof TransientError)) throw error;
      if (failures >= retries) throw error.final;
      const jitter = clock.random() * FIRST_WAIT * 2 ** failures;
      await clock.sleep(Math.min(LONGEST_WAIT, (error.retryAfter ?? 0) + jitter), signal);
    }
  }
}

/** Milliseconds meant by a Retry-After header: seconds, or a date. */
export function parseRetryAfter(value: string | null, now: number): number | undefined {
  if (value === null) return undefined;
  const ms = /^\s*\d+\s*$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
