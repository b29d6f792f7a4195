import { expect, test } from "vitest";
import { LatestRequest } from "../../demo/latest-request.ts";

function recorded() {
  const events: string[] = [];
  const requests = new LatestRequest({
    started: () => events.push("started"),
    ended: () => events.push("ended"),
    cancelled: () => events.push("cancelled"),
    failed: (error) => events.push(`failed: ${error}`),
  });
  return { events, requests };
}

/** Work that ends only when it is aborted. */
const untilAborted = (signal: AbortSignal) =>
  new Promise<void>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

test("a request succeeds or fails", async () => {
  const { events, requests } = recorded();
  await requests.run(
    async () => {},
    () => {},
  );
  await requests.run(
    () => Promise.reject("no network"),
    () => {},
  );
  expect(events).toEqual(["started", "ended", "started", "failed: no network", "ended"]);
});

test("a newer request aborts the older, which then has no events", async () => {
  const { events, requests } = recorded();
  const older = requests.run(untilAborted, () => {});
  await requests.run(
    async () => {},
    () => {},
  );
  await older;
  expect(events).toEqual(["started", "started", "ended"]);
});

test("the latest request can be cancelled", async () => {
  const { events, requests } = recorded();
  const running = requests.run(untilAborted, () => {});
  expect(requests.signal.aborted).toBe(false);
  requests.cancel();
  await running;
  expect(requests.signal.aborted).toBe(true);
  expect(events).toEqual(["started", "cancelled", "ended"]);
});
