import type { Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";

/** A slower network than loopback, for benches. */
export interface Shape {
  /** Milliseconds before each answer. */
  latencyMs: number;
  /** Megabits a second of one link that all connections share; 0: no limit. */
  mbps: number;
}

/** Time, which tests run by hand. */
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
/** A late timer may catch up on this many milliseconds. */
const SLACK = 50;

/** One link: what one response sends, another waits for. */
export class Link {
  shape: Shape = { latencyMs: 0, mbps: 0 };
  readonly #clock: Clock;
  /** When the link has sent all that was given to it. */
  #free = 0;

  constructor(clock: Clock = realClock) {
    this.#clock = clock;
  }

  /** Waits for the latency, and `more` milliseconds. Rejects if `signal` aborts. */
  async latency(more = 0, signal?: AbortSignal): Promise<void> {
    const milliseconds = this.shape.latencyMs + more;
    if (milliseconds > 0) await this.#clock.sleep(milliseconds, signal);
  }

  /** Writes a body at the speed of the link, then ends it. Returns the bytes it wrote before the other side went. */
  async send(response: Writable, body: Buffer): Promise<number> {
    if (this.shape.mbps <= 0) {
      response.end(body);
      return body.length;
    }
    let sent = 0;
    while (sent < body.length) {
      const part = body.subarray(sent, sent + PART);
      await this.#takeTurn(part.length);
      if (response.destroyed) return sent;
      response.write(part);
      sent += part.length;
    }
    response.end();
    return sent;
  }

  /** Books the link for some bytes, and waits until they are through. */
  async #takeTurn(bytes: number): Promise<void> {
    const milliseconds = (bytes * 8) / (this.shape.mbps * 1000);
    this.#free = Math.max(this.#free, this.#clock.now() - SLACK) + milliseconds;
    const wait = this.#free - this.#clock.now();
    if (wait > 1) await this.#clock.sleep(wait);
  }
}
