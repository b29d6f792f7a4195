import { Writable } from "node:stream";
import { afterAll, describe, expect, test } from "vitest";
import { startS3 } from "./index.ts";
import { type Clock, Link, type Shape } from "./shape.ts";
import { awsClient, urlOf } from "./tools.ts";

/** A clock that advances only by sleeping, in the order of waking. */
class FakeClock implements Clock {
  #now = 1000;
  readonly #late: number;

  /** @param late milliseconds by which each sleep is too long */
  constructor(late = 0) {
    this.#late = late;
  }

  now(): number {
    return this.#now;
  }

  async sleep(milliseconds: number): Promise<void> {
    const until = this.#now + milliseconds + this.#late;
    await Promise.resolve();
    this.#now = Math.max(this.#now, until);
  }
}

function linkOf(shape: Shape, late = 0): { link: Link; clock: FakeClock } {
  const clock = new FakeClock(late);
  const link = new Link(clock);
  link.shape = shape;
  return { link, clock };
}

/** A response that records its bytes, and may be closed after some of them. */
function sink(most = Number.POSITIVE_INFINITY): { response: Writable; bytes: () => number } {
  let bytes = 0;
  const response = new Writable({
    write(part: Buffer, _, done) {
      bytes += part.length;
      done();
      if (bytes >= most) response.destroy();
    },
  });
  return { response, bytes: () => bytes };
}

describe("a link", () => {
  test("of 8 Mbit/s takes a second for a megabyte", async () => {
    const { link, clock } = linkOf({ latencyMs: 0, mbps: 8 });
    const { response, bytes } = sink();
    expect(await link.send(response, Buffer.alloc(1_000_000))).toBe(1_000_000);
    expect(bytes()).toBe(1_000_000);
    expect(response.writableEnded).toBe(true);
    expect(clock.now() - 1000).toBeCloseTo(1000, 6);
  });

  test("is shared: two responses at once take as long as one after the other", async () => {
    const { link, clock } = linkOf({ latencyMs: 0, mbps: 8 });
    const body = Buffer.alloc(500_000);
    await Promise.all([link.send(sink().response, body), link.send(sink().response, body)]);
    expect(clock.now() - 1000).toBeCloseTo(1000, 6);
  });

  test("catches up after late timers", async () => {
    const { link, clock } = linkOf({ latencyMs: 0, mbps: 8 }, 20);
    await link.send(sink().response, Buffer.alloc(1_000_000));
    expect(clock.now() - 1000).toBeGreaterThanOrEqual(1000);
    expect(clock.now() - 1000).toBeLessThanOrEqual(1020);
  });

  test("saves nothing up while it is idle", async () => {
    const { link, clock } = linkOf({ latencyMs: 0, mbps: 8 });
    await clock.sleep(500);
    await link.send(sink().response, Buffer.alloc(10_000));
    expect(clock.now() - 1500).toBeCloseTo(10, 6);
  });

  test("stops when the client disconnects, and returns the bytes written", async () => {
    const { link } = linkOf({ latencyMs: 0, mbps: 8 });
    const { response, bytes } = sink(100_000);
    expect(await link.send(response, Buffer.alloc(1_000_000))).toBe(131_072);
    expect(bytes()).toBe(131_072);
  });

  test("without a limit does not wait", async () => {
    const { link, clock } = linkOf({ latencyMs: 0, mbps: 0 });
    const { response, bytes } = sink();
    expect(await link.send(response, Buffer.alloc(1_000_000))).toBe(1_000_000);
    expect(bytes()).toBe(1_000_000);
    expect(clock.now()).toBe(1000);
  });

  test("has a latency, to which a fault may add", async () => {
    const { link, clock } = linkOf({ latencyMs: 30, mbps: 0 });
    await link.latency();
    expect(clock.now()).toBe(1030);
    await link.latency(70);
    expect(clock.now()).toBe(1130);
  });
});

describe("a server on such a link", () => {
  const started = startS3({ keys: { id: "secret" } });
  afterAll(async () => (await started).close());

  test("sends the whole body, and counts it", async () => {
    const s3 = await started;
    s3.objects.createBucket("data");
    const body = Buffer.from(Array.from({ length: 300_000 }, (_, i) => i % 251));
    s3.objects.put("data", "a", body);
    expect(s3.shape).toEqual({ latencyMs: 0, mbps: 0 });
    s3.shape = { latencyMs: 1, mbps: 1000 };
    expect(s3.shape).toEqual({ latencyMs: 1, mbps: 1000 });
    const response = await awsClient().fetch(urlOf(s3, "data", "a"));
    expect(Buffer.from(await response.arrayBuffer()).equals(body)).toBe(true);
    await expect.poll(() => s3.stats()).toEqual({ requests: 1, preflights: 0, bytes: 300_000 });
  });
});
