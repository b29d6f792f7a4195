import type { Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";

/** A simulated network, for benchmarks. */
export interface Shape {
  /** Milliseconds before each response. */
  latencyMs: number;
  /** Megabits per second of a link that all connections share; 0: no limit. */
  mbps: number;
}

/** Source of time; tests inject one. */
export interface Clock {
  /** Milliseconds. */
  now(): number;
  /** Rejects if `signal` aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

const realClock: Clock = {
  now: () => performance.now(),
  sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }),
};

const PART = 64 * 1024;

/** A link whose bandwidth all responses share. */
export class Link {
  shape: Shape = { latencyMs: 0, mbps: 0 };
  readonly #clock: Clock;
  /** When the link will have sent everything queued so far. */
  #free = 0;

  constructor(clock: Clock = realClock) {
    this.#clock = clock;
  }

  /** Waits for the latency, and `more` milliseconds. Rejects if `signal` aborts. */
  async latency(more = 0, signal?: AbortSignal): Promise<void> {
    const milliseconds = this.shape.latencyMs + more;
    if (milliseconds > 0) await this.#clock.sleep(milliseconds, signal);
  }

  /**
   * Writes a body at the speed of the link, then ends it. Returns the number of bytes written before a
   * disconnect.
   */
  async send(response: Writable, body: Buffer): Promise<number> {
    if (this.shape.mbps <= 0) {
      response.end(body);
      return body.length;
    }
    let sent = 0;
    let ready = this.#clock.now();
    while (sent < body.length) {
      const part = body.subarray(sent, sent + PART);
      ready = await this.#takeTurn(part.length, ready);
      if (response.destroyed) return sent;
      response.write(part);
      sent += part.length;
    }
    response.end();
    return sent;
  }

  /**
   * Reserves the link for some bytes that are ready at a time, and waits until they are sent. Returns when they should have
   * been, so that a late timer delays what follows no further.
   */
  async #takeTurn(bytes: number, ready: number): Promise<number> {
    const milliseconds = (bytes * 8) / (this.shape.mbps * 1000);
    const sent = Math.max(this.#free, ready) + milliseconds;
    this.#free = sent;
    const wait = sent - this.#clock.now();
    if (wait > 1) await this.#clock.sleep(wait);
    return sent;
  }
}
