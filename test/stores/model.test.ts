import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LakotaError } from "../../src/model/errors.ts";
import { CacheStore } from "../../src/stores/cache/cache-store.ts";
import { FileStore } from "../../src/stores/file/file-store.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import { compareUtf8 } from "../../src/stores/path.ts";
import type { Store } from "../../src/stores/store.ts";
import { folders } from "./tools.ts";

const folder = folders();

// Few paths, so that operations collide. None is a folder of another, which a file system does not allow.
const path = fc.constantFrom("a/b", "a/c/d", "a/c/é", "b", "ab", "z/\u{1F600}", "z/\uff5e", "a/c-");
const prefix = fc.constantFrom("", "a", "a/", "a/c", "z/", "q");
const bytes = fc.uint8Array({ maxLength: 5 });

type Operation =
  | { kind: "put"; path: string; bytes: Uint8Array; overwrite: boolean }
  | { kind: "get"; path: string; reload: boolean }
  | { kind: "delete"; path: string }
  | { kind: "move"; path: string; to: string }
  | { kind: "list"; prefix: string; startAfter: string | undefined };

const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("put" as const), path, bytes, overwrite: fc.boolean() }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("get" as const), path, reload: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("delete" as const), path }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("move" as const), path, to: path }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("list" as const),
      prefix,
      startAfter: fc.option(path, { nil: undefined }),
    }),
  },
);

/** A reference model: the simplest possible store. */
function apply(model: Map<string, Uint8Array>, step: Operation): unknown {
  switch (step.kind) {
    case "put":
      if (model.has(step.path) && !step.overwrite) return false;
      model.set(step.path, step.bytes);
      return true;
    case "get":
      return model.get(step.path);
    case "delete":
      model.delete(step.path);
      return undefined;
    case "move": {
      const moved = model.get(step.path);
      if (!moved) return "not-found";
      model.delete(step.path);
      model.set(step.to, moved);
      return undefined;
    }
    case "list":
      return [...model]
        .filter(
          ([path]) =>
            path.startsWith(step.prefix) &&
            Buffer.compare(Buffer.from(path), Buffer.from(step.startAfter ?? "")) > 0,
        )
        .sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
        .map(([path, { length }]) => ({ path, size: length }));
  }
}

async function run(store: Store, step: Operation): Promise<unknown> {
  switch (step.kind) {
    case "put":
      return store.put(step.path, step.bytes, { overwrite: step.overwrite });
    case "get": {
      const read = await store.get(step.path, { reload: step.reload });
      const copy = read?.slice();
      read?.fill(255); // the copy belongs to the caller
      return copy;
    }
    case "delete":
      return store.delete(step.path);
    case "move":
      return store.move(step.path, step.to).catch((error) => {
        if (error instanceof LakotaError) return error.code;
        throw error;
      });
    case "list":
      return store.list(step.prefix, { startAfter: step.startAfter });
  }
}

const makers: Record<string, () => Promise<Store>> = {
  MemoryStore: async () => new MemoryStore(),
  FileStore: async () => new FileStore(await folder(), { sync: false }),
  CacheStore: async () => new CacheStore(new MemoryStore(), new MemoryStore()),
  "CacheStore with little room": async () => {
    return new CacheStore(new MemoryStore(), new MemoryStore(), { memory: 6, quota: 9 });
  },
  "CacheStore with local files": async () =>
    new CacheStore(new FileStore(await folder()), new MemoryStore(), { memory: 3 }),
};

describe.each(Object.entries(makers))("%s", (_name, make) => {
  test("behaves like a map", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { maxLength: 40 }), async (steps) => {
        const store = await make();
        const model = new Map<string, Uint8Array>();
        for (const step of steps) {
          const expected = apply(model, step);
          expect(await run(store, step)).toEqual(expected);
        }
        await store.local?.flush();
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});

test("compareUtf8 is the order of UTF-8 bytes", () => {
  const text = fc.string({
    unit: fc.constantFrom("a", "/", "é", "\uff5e", "\ue000", "\ud7ff", "😀", "\u{10ffff}"),
  });
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(Math.sign(compareUtf8(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
  );
});
