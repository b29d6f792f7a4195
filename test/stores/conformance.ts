import { LakotaError } from "../../src/model/errors.ts";
import type { LocalStore, Store } from "../../src/stores/store.ts";

/** Requirements of every store. They need no test framework: a case fails by throwing. */
export interface Case {
  name: string;
  /** `store` is empty at the start. */
  run: (store: Store) => Promise<void>;
  /** Makes thousands of requests: to be left out for slow stores. */
  heavy?: boolean;
}

const text = (value: string) => new TextEncoder().encode(value);

function show(value: unknown): string {
  if (value instanceof Uint8Array) return `${value.length} bytes [${value.slice(0, 24).join(" ")}]`;
  return JSON.stringify(value) ?? "undefined";
}

function same(actual: unknown, expected: unknown, what: string): void {
  const equal =
    actual instanceof Uint8Array && expected instanceof Uint8Array
      ? actual.length === expected.length && actual.every((byte, i) => byte === expected[i])
      : show(actual) === show(expected);
  if (!equal) throw new Error(`${what}: got ${show(actual)}, expected ${show(expected)}`);
}

async function fails(promise: Promise<unknown>, code: string, what: string): Promise<void> {
  const outcome = await promise.then(
    () => "no error",
    (error) => (error instanceof LakotaError ? error.code : String(error)),
  );
  same(outcome, code, what);
}

async function paths(store: Store, prefix: string, startAfter?: string): Promise<string[]> {
  return (await store.list(prefix, { startAfter })).map((entry) => entry.path);
}

const isLocalStore = (store: Store): store is LocalStore => "clear" in store;

/** Pseudo-random bytes, different for each seed. */
function noise(length: number, seed: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let state = seed | 1;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

/** Sorted by their UTF-8 bytes, unlike JavaScript strings. */
const ODD_PATHS = [
  "odd/ leading space",
  "odd/%2e%2F literal escapes",
  "odd/& < > ' and \"",
  "odd/(a)!*'~",
  "odd/+plus+ and space",
  "odd/...",
  "odd/=?#;:@,$",
  "odd/[brackets]{braces}|^`",
  "odd/e\u0301 decomposed",
  "odd/\u00e9 composed",
  "odd/日本語/グラフ",
  "odd/\uff5e wide tilde",
  "odd/😀 beyond the first plane",
];

export const cases: Case[] = [
  {
    name: "returns undefined for a missing file",
    async run(store) {
      same(await store.get("no/such/file"), undefined, "get");
      same(await store.list("no/"), [], "list");
      same(await store.list(""), [], "list all");
    },
  },
  {
    name: "returns what was put",
    async run(store) {
      same(await store.put("a/b", text("one")), true, "put");
      same(await store.get("a/b"), text("one"), "get");
      same(await store.get("a"), undefined, "get of a folder");
      same(await store.get("a/b/c"), undefined, "get below a file");
    },
  },
  {
    name: "leaves an existing file as it is",
    async run(store) {
      await store.put("a", text("first"));
      same(await store.put("a", text("second, longer")), false, "second put");
      same(await store.get("a"), text("first"), "get");
    },
  },
  {
    name: "replaces with `overwrite`",
    async run(store) {
      await store.put("a/b", text("first"));
      await store.get("a/b");
      same(await store.put("a/b", text("second"), { overwrite: true }), true, "overwrite");
      same(await store.get("a/b"), text("second"), "get");
      same(await store.put("a/new", text("x"), { overwrite: true }), true, "overwrite of nothing");
      same(await store.get("a/new"), text("x"), "get new");
    },
  },
  {
    name: "shares no buffer with its callers",
    async run(store) {
      const bytes = text("pristine");
      await store.put("a", bytes);
      bytes.fill(0);
      const read = await store.get("a");
      same(read, text("pristine"), "after the caller changed what it put");
      read?.fill(0);
      same(await store.get("a"), text("pristine"), "after a reader changed what it got");
      const [one, two] = await Promise.all([store.get("a"), store.get("a")]);
      one?.fill(0);
      same(two, text("pristine"), "after a concurrent reader changed its own");
      const taken = await store.get("a");
      structuredClone(taken!.buffer, { transfer: [taken!.buffer] });
      same(await store.get("a"), text("pristine"), "after a reader gave its buffer away");
    },
  },
  {
    name: "puts only the bytes of a view",
    async run(store) {
      const whole = noise(100, 3);
      await store.put("a", whole.subarray(10, 20));
      same(await store.get("a"), whole.slice(10, 20), "get");
      same((await store.list("a"))[0]?.size, 10, "size");
    },
  },
  {
    name: "stores an empty file",
    async run(store) {
      same(await store.put("empty", new Uint8Array(0)), true, "put");
      same(await store.get("empty"), new Uint8Array(0), "get");
      same(await store.list(""), [{ path: "empty", size: 0 }], "list");
      same(await store.put("empty", text("x")), false, "put again");
    },
  },
  {
    name: "stores a file of 5 MB",
    async run(store) {
      const bytes = noise(5_000_000, 7);
      same(await store.put("large", bytes), true, "put");
      let arrived = 0;
      const read = await store.get("large", { onBytes: (n) => (arrived += n) });
      same(read, bytes, "get");
      same(arrived, bytes.length, "bytes reported");
    },
  },
  {
    name: "lists by any prefix, at any depth, in the order of UTF-8 bytes",
    async run(store) {
      const all = ["a", "ab0", "ab/c", "ab/cd/e", "ab/cd/f/g", "ab/d", "b", "B", "ab-x"];
      await Promise.all(all.map((path) => store.put(path, text(path))));
      same(
        await paths(store, ""),
        ["B", "a", "ab-x", "ab/c", "ab/cd/e", "ab/cd/f/g", "ab/d", "ab0", "b"],
        "all",
      );
      same(await paths(store, "ab/c"), ["ab/c", "ab/cd/e", "ab/cd/f/g"], "ab/c");
      same(await paths(store, "ab/cd/"), ["ab/cd/e", "ab/cd/f/g"], "ab/cd/");
      same(await paths(store, "ab/cd/e"), ["ab/cd/e"], "a file");
      same(await paths(store, "ab/cd/e/"), [], "below a file");
      same(await paths(store, "c"), [], "nothing");
      same((await store.list("ab/cd/f"))[0], { path: "ab/cd/f/g", size: 9 }, "entry");
    },
  },
  {
    name: "lists after a path",
    async run(store) {
      await Promise.all(["a/1", "a/2", "a/2x", "a/3", "b/1"].map((path) => store.put(path, text("x"))));
      same(await paths(store, "a/", "a/2"), ["a/2x", "a/3"], "after a file");
      same(await paths(store, "a/", "a/25"), ["a/2x", "a/3"], "after nothing");
      same(await paths(store, "a/", "a/3"), [], "after the last");
      same(await paths(store, "", "a/3"), ["b/1"], "across folders");
      same(await paths(store, "a/", "A"), ["a/1", "a/2", "a/2x", "a/3"], "after what comes before");
      same(await paths(store, "a/", "b"), [], "after what comes later");
    },
  },
  {
    name: "accepts odd and Unicode paths",
    async run(store) {
      for (const path of ODD_PATHS) same(await store.put(path, text(path)), true, `put ${path}`);
      same(await paths(store, "odd/"), ODD_PATHS, "list");
      same(await paths(store, "odd/+"), ["odd/+plus+ and space"], "list a plus");
      same(await paths(store, "odd/日"), ["odd/日本語/グラフ"], "list a wide prefix");
      same(await paths(store, "odd/", "odd/日本語/グラフ"), ODD_PATHS.slice(-2), "list after a wide path");
      for (const path of ODD_PATHS) same(await store.get(path), text(path), `get ${path}`);
      await store.move("odd/+plus+ and space", "odd/moved +é");
      same(await store.get("odd/moved +é"), text("odd/+plus+ and space"), "move");
      for (const path of ODD_PATHS) await store.delete(path);
      same(await paths(store, "odd/"), ["odd/moved +é"], "list after delete");
    },
  },
  {
    name: "rejects invalid paths",
    async run(store) {
      for (const path of [
        "",
        "/a",
        "a/",
        "a//b",
        "../a",
        "a/../b",
        "a/..",
        ".",
        "a/./b",
        "a\0b",
        "a\ud800b",
      ]) {
        await fails(store.get(path), "invalid-argument", `get ${JSON.stringify(path)}`);
        await fails(store.put(path, text("x")), "invalid-argument", `put ${JSON.stringify(path)}`);
        await fails(store.delete(path), "invalid-argument", `delete ${JSON.stringify(path)}`);
      }
      same(await store.list(""), [], "list");
    },
  },
  {
    name: "deletes",
    async run(store) {
      await store.put("a/b/c", text("x"));
      await store.get("a/b/c");
      await store.delete("a/b/c");
      same(await store.get("a/b/c"), undefined, "get");
      same(await store.list(""), [], "list");
      await store.delete("a/b/c");
      await store.delete("never/was");
      same(await store.put("a/b", text("y")), true, "a file where a folder was");
      same(await store.get("a/b"), text("y"), "get that");
    },
  },
  {
    name: "moves",
    async run(store) {
      await store.put("from/a", text("moved"));
      await store.put("to/b", text("replaced"));
      await store.get("to/b");
      await store.move("from/a", "to/b");
      same(await store.get("from/a"), undefined, "old place");
      same(await store.get("to/b"), text("moved"), "new place");
      same(await paths(store, ""), ["to/b"], "list");
      await fails(store.move("from/a", "to/c"), "not-found", "move of nothing");
      same(await store.get("to/c"), undefined, "after the move of nothing");
    },
  },
  {
    name: "lets exactly one of many writers of a path succeed",
    async run(store) {
      const writers = Array.from({ length: 8 }, (_, i) => text(`writer ${i}`));
      const won = await Promise.all(writers.map((bytes) => store.put("race/path", bytes)));
      same(won.filter(Boolean).length, 1, "winners");
      same(await store.get("race/path"), writers[won.indexOf(true)], "content");
      same(await paths(store, ""), ["race/path"], "list");
    },
  },
  {
    name: "reads during writes",
    async run(store) {
      const work: Promise<unknown>[] = [];
      for (let i = 0; i < 40; i++) {
        work.push(store.put(`busy/${i}`, noise(1000 + i, i)));
        work.push(
          store.get(`busy/${i}`).then((read) => read && same(read, noise(1000 + i, i), `early ${i}`)),
        );
      }
      await Promise.all(work);
      const read = await Promise.all(Array.from({ length: 40 }, (_, i) => store.get(`busy/${i}`)));
      read.forEach((bytes, i) => {
        same(bytes, noise(1000 + i, i), `read ${i}`);
      });
    },
  },
  {
    name: "stores 2,500 files",
    heavy: true,
    async run(store) {
      const names = Array.from({ length: 2500 }, (_, i) => `many/${String(i).padStart(5, "0")}`);
      for (let i = 0; i < names.length; i += 50) {
        await Promise.all(names.slice(i, i + 50).map((path) => store.put(path, text(path))));
      }
      same(await paths(store, "many/"), names, "list");
      same((await paths(store, "many/", "many/01234")).length, 1265, "list after");
      const read = await Promise.all(names.slice(-100).map((path) => store.get(path)));
      same(
        read.every((bytes, i) => show(bytes) === show(text(names[2400 + i]!))),
        true,
        "get",
      );
    },
  },
  {
    name: "does nothing if the signal has fired",
    async run(store) {
      await store.put("a", text("x"));
      const signal = AbortSignal.abort(new Error("the app's own reason"));
      await fails(store.get("a", { signal }), "aborted", "get");
      await fails(store.put("b", text("y"), { signal }), "aborted", "put");
      await fails(store.list("", { signal }), "aborted", "list");
      await fails(store.delete("a", { signal }), "aborted", "delete");
      await fails(store.move("a", "c", { signal }), "aborted", "move");
      same(await paths(store, ""), ["a"], "list");
    },
  },
  {
    name: "stops when the signal fires, and continues for other callers",
    async run(store) {
      const bytes = noise(3_000_000, 5);
      await store.put("a", bytes);
      const controller = new AbortController();
      const { signal } = controller;
      const other = store.get("a", { reload: true });
      const settled = store.get("a", { signal, reload: true }).then(
        () => "done",
        (error) => (error instanceof LakotaError ? error.code : String(error)),
      );
      controller.abort();
      const outcome = await settled;
      same(outcome === "aborted" || outcome === "done", true, outcome);
      same(await other, bytes, "the other reader");
      same(await store.get("a"), bytes, "a later reader");
    },
  },
  {
    name: "reads again with `reload`",
    async run(store) {
      await store.put("a", text("x"));
      const bytes = await store.get("a");
      bytes?.fill(0);
      const calls: [number, boolean][] = [];
      same(
        await store.get("a", { reload: true, onBytes: (n, cached) => calls.push([n, cached]) }),
        text("x"),
        "reload",
      );
      same(calls, [[1, false]], "reported as from the origin");
      same(await store.get("gone", { reload: true }), undefined, "reload of nothing");
    },
  },
  {
    name: "where it can be cleared, is empty then, and writes nothing from then on",
    async run(store) {
      if (!isLocalStore(store)) return;
      for (const path of ["a", "b/c", ".lakota/x/y/z"]) await store.put(path, text(path));
      same(await store.clear("b/"), false, "cleared unless there is b/c");
      same(await store.put("b/d", text("d")), true, "a put after that");
      const running = store.put("b/e", noise(1_000_000, 7)).catch(() => false);
      same(await store.clear("c/"), true, "cleared unless there is c/");
      await running;
      await fails(store.put("a", text("a")), "closed", "a later put");
      await fails(store.put("a", text("a"), { overwrite: true }), "closed", "a later overwrite");
      same(await store.clear("b/"), true, "cleared again");
      const left = await paths(store, "").catch((error) => error.code);
      same(left === "closed" ? [] : left, [], "what is left");
    },
  },
];
