import { expect, test } from "vitest";
import { LazyStore } from "../../src/stores/lazy-store.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import { conforms } from "./suite.ts";
import { text } from "./tools.ts";

conforms("LazyStore", () => new LazyStore("memory://", async () => new MemoryStore()));

test("code that could not be loaded is loaded by the next call", async () => {
  let attempts = 0;
  const store = new LazyStore("memory://", async () => {
    attempts++;
    if (attempts < 3) throw new TypeError("the network is gone");
    return new MemoryStore();
  });
  await expect(store.get("a")).rejects.toThrow("the network is gone");
  await expect(store.list("")).rejects.toThrow("the network is gone");
  expect(await store.put("a", text("x"))).toBe(true);
  expect(await store.get("a")).toEqual(text("x"));
  expect(attempts).toBe(3);
});
