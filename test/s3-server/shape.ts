import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/** A slower network than loopback, for benches. */
export interface Shape {
  /** Milliseconds before each answer. */
  latencyMs: number;
  /** Megabits a second of one link that all connections share; 0: no limit. */
  mbps: number;
}

const PART = 64 * 1024;
/** A late timer may catch up on this many milliseconds. */
const SLACK = 50;

/** One link: what one response sends, another waits for. */
export class Link {
  shape: Shape = { latencyMs: 0, mbps: 0 };
  #free = 0;

  async latency(): Promise<void> {
    if (this.shape.latencyMs > 0) await sleep(this.shape.latencyMs);
  }

  /** Writes a body at the speed of the link. */
  async send(response: ServerResponse, body: Buffer): Promise<void> {
    if (this.shape.mbps <= 0) {
      response.end(body);
      return;
    }
    for (let at = 0; at < body.length && !response.destroyed; at += PART) {
      const part = body.subarray(at, at + PART);
      this.#free =
        Math.max(this.#free, performance.now() - SLACK) + (part.length * 8) / (this.shape.mbps * 1000);
      const wait = this.#free - performance.now();
      if (wait > 1) await sleep(wait);
      response.write(part);
    }
    response.end();
  }
}
