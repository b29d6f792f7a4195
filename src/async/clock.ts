import { aborted } from "../model/errors.ts";
import { onAbort } from "./abort.ts";

/** A source of time and randomness. Tests inject one of their own, which need not wait. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Resolves after `ms` milliseconds. Rejects with `aborted` as soon as the signal fires. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls `callback` once, after `ms` milliseconds. Returns a function that cancels that. */
  timer(ms: number, callback: () => void): () => void;
  /** Returns a number from 0 (included) to 1 (excluded). */
  random(): number;
}

/** Timers with longer delays fire at once. */
const MAX_DELAY = 2 ** 31 - 1;

/** Resolves after `ms` milliseconds, or 24 days. @throws `aborted` as soon as the signal fires */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(aborted(signal));
    const timer = setTimeout(
      () => {
        stopListening();
        resolve();
      },
      Math.min(ms, MAX_DELAY),
    );
    const stopListening = onAbort(signal, () => {
      clearTimeout(timer);
      reject(aborted(signal));
    });
  });
}

function timer(ms: number, callback: () => void): () => void {
  const id = setTimeout(callback, ms);
  return () => clearTimeout(id);
}

/** The platform's own clock and random numbers. */
export const systemClock: Clock = { now: Date.now, random: Math.random, sleep, timer };
