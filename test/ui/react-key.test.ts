import { expect, test } from "vitest";
import { keyOf } from "../../src/ui/react/key.ts";

test("equal options have equal keys", () => {
  const options = () => ({
    start: new Date(5),
    stop: [10n, "a"],
    where: { call: "gt", args: [1] },
    onProgress() {},
  });
  expect(keyOf("read", "s", options())).toBe(keyOf("read", "s", options()));
});

test.each([
  [{ start: 5 }, { start: "5" }],
  [{ start: 5 }, { start: 5n }],
  [{ start: "5" }, { start: 5n }],
  [{ start: new Date(5) }, { start: 5 }],
  [{ start: new Date(5) }, { start: new Date(5).toISOString() }],
  [{ start: new Date(5) }, { start: new Date(6) }],
  [{ start: Number.NaN }, { start: null }],
])("%o and %o have different keys", (one, other) => {
  expect(keyOf(one)).not.toBe(keyOf(other));
});
