import { describe, test } from "vitest";
import type { Store } from "../../src/stores/store.ts";
import { cases } from "./conformance.ts";

/** Runs the conformance suite, each case with a new, empty store. */
export function conforms(name: string, make: () => Store | Promise<Store>): void {
  describe(`${name} is a store`, () => {
    for (const { name, run } of cases) {
      test(name, async () => {
        const store = await make();
        await run(store);
        await store.local?.flush();
        store.close?.();
      }, 60_000);
    }
  });
}
