import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import type { Clock } from "../../src/async/clock.ts";
import { aborted } from "../../src/model/errors.ts";
import type { Store } from "../../src/stores/store.ts";

export const text = (value: string) => new TextEncoder().encode(value);

/** Returns a function that creates empty folders, which are removed after the tests of the file. */
export function folders(): () => Promise<string> {
  const made: string[] = [];
  afterAll(() => Promise.all(made.map((folder) => rm(folder, { recursive: true, force: true }))));
  return async () => {
    const folder = await mkdtemp(join(tmpdir(), "lakota-stores-"));
    made.push(folder);
    return folder;
  };
}

/** A clock on which sleeping takes no time. */
export class TestClock implements Clock {
  time = Date.UTC(2024, 0, 1);
  /** Milliseconds of each sleep so far. */
  sleeps: number[] = [];
  /** The result of `random`. */
  chance = 0.5;
  /** Called during each sleep. */
  onSleep: () => void = () => {};

  readonly #timers = new Set<{ at: number; callback: () => void }>();

  now = (): number => this.time;
  random = (): number => this.chance;
  sleep = async (ms: number, signal?: AbortSignal): Promise<void> => {
    this.sleeps.push(ms);
    this.time += ms;
    this.onSleep();
    if (signal?.aborted) throw aborted(signal);
  };
  timer = (ms: number, callback: () => void): (() => void) => {
    const timer = { at: this.time + ms, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };

  /** Timers that are set. */
  get timers(): number {
    return this.#timers.size;
  }

  /** Lets time pass: calls the callbacks of the timers that end meanwhile, in their order. */
  async elapse(ms: number): Promise<void> {
    const end = this.time + ms;
    for (;;) {
      const [next] = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.#timers.delete(next);
      this.time = Math.max(this.time, next.at);
      next.callback();
      await new Promise<void>((resolve) => setImmediate(resolve)); // what it causes happens at this time
    }
    this.time = Math.max(this.time, end);
  }
}

/** Wraps a store: records its calls, and replaces some of its methods. */
export function spy(store: Store, overrides: Partial<Store> = {}): Store & { calls: string[] } {
  const calls: string[] = [];
  return {
    calls,
    uri: store.uri,
    get: (path, options) => {
      calls.push(`get ${path}`);
      return (overrides.get ?? store.get.bind(store))(path, options);
    },
    put: (path, bytes, options) => {
      calls.push(`put ${path}`);
      return (overrides.put ?? store.put.bind(store))(path, bytes, options);
    },
    list: (prefix, options) => {
      calls.push(`list ${prefix}`);
      return (overrides.list ?? store.list.bind(store))(prefix, options);
    },
    delete: (path, options) => {
      calls.push(`delete ${path}`);
      return (overrides.delete ?? store.delete.bind(store))(path, options);
    },
    move: (from, to, options) => {
      calls.push(`move ${from} ${to}`);
      return (overrides.move ?? store.move.bind(store))(from, to, options);
    },
  };
}
