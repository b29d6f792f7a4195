import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildLog, type Log } from "../../src/changelog/log.ts";
import { ancestors, currentId } from "../../src/changelog/log-lookup.ts";
import { placeMerge } from "../../src/changelog/python/placement.ts";
import { joinTwins } from "../../src/changelog/python/twins.ts";
import { depthFirstWalk } from "../../src/changelog/python/walk.ts";
import { digestOfId, epochOf, parseName, ROOT } from "../../src/changelog/revision.ts";
import { hextime } from "../../src/model/layout.ts";

const digest = (content: number) => content.toString(16).padStart(40, "0");
const id = (ms: number, content = ms) => `${hextime(ms)}-${digest(content)}`;
const joined = (files: readonly string[]) => joinTwins(files.map((file) => parseName(file)!));

/** Places a commit on all heads in the files that its writer saw. Returns all files, and the id of the commit. */
function commit(files: readonly string[], content: number, now: number, seen = files) {
  const placed = placeMerge(joined(files), logOf(seen).heads, digest(content), now);
  // In the order in which they are written.
  const made = [...files, ...(placed.copy ? [placed.copy.to] : []), ...placed.files.toReversed()];
  expect(new Set(made).size).toBe(made.length);
  return { files: made, id: placed.id };
}

/** What Python reads, and would build on. */
const current = (files: readonly string[]) => depthFirstWalk(files).at(-1)!.child;
const logOf = (files: readonly string[]): Log => buildLog(joined(files));

const fork = [`${ROOT}.${id(10)}`, `${id(10)}.${id(20)}`, `${id(10)}.${id(30)}`];

describe("the walk", () => {
  it("goes depth first, and by time where branches part", () => {
    const files = [...fork, `${id(20)}.${id(40)}`];
    expect(depthFirstWalk(files).map(({ child }) => child)).toEqual([id(10), id(20), id(40), id(30)]);
  });

  it("takes what it meets again for an end (B4)", () => {
    const files = [...fork, `${id(20)}.${id(40)}`, `${id(30)}.${id(40)}`, `${id(40)}.${id(50)}`];
    expect(depthFirstWalk(files).map(({ child }) => child)).toEqual([
      id(10),
      id(20),
      id(40),
      id(50),
      id(30),
      id(40),
    ]);
  });
});

describe("a commit on several heads", () => {
  it("has a twin beside each, and is one revision", () => {
    const { files, id: merged } = commit(fork, 40, 40);
    expect(files.slice(3)).toEqual([`${id(30)}.${id(41, 40)}`, `${id(20)}.${id(40, 40)}`]);
    expect(merged).toBe(id(41, 40));
    const log = logOf(files);
    expect(log.heads).toEqual([merged]);
    expect(new Set(log.parents.get(merged))).toEqual(new Set([id(20), id(30)]));
    expect(files).toContain(log.files.get(merged));
  });

  it("is what Python meets last, and so is what is built on it", () => {
    let { files } = commit(fork, 40, 40);
    for (const content of [50, 60, 70]) {
      const next = commit(files, content, content);
      expect(current(next.files)).toBe(next.id);
      expect(logOf(next.files).heads).toEqual([next.id]);
      files = next.files;
    }
  });

  it("frees Python where it is stuck at a merge of its own (B4)", () => {
    const stuck = [...fork, `${id(20)}.${id(40)}`, `${id(30)}.${id(40)}`, `${id(40)}.${id(50)}`];
    expect(current(stuck)).toBe(id(40));
    const { files, id: next } = commit(stuck, 60, 60);
    expect(files).toContain(`${id(30)}.${id(41, 40)}`);
    expect(currentId(logOf(files), id(40))).toBe(id(41, 40)); // its old id still finds it
    expect(current(files)).toBe(next);
    expect(logOf(files).heads).toEqual([next]);
  });

  it("has a file where Python stands, at a twin that nothing was built on", () => {
    const merged = [...fork, `${id(20)}.${id(40, 99)}`, `${id(30)}.${id(41, 99)}`, `${id(40, 99)}.${id(50)}`];
    expect(current(merged)).toBe(id(41, 99));
    expect(logOf(merged).heads).toEqual([id(50)]);
    const { files, id: next } = commit(merged, 60, 60);
    expect(current(files)).toBe(next);
    expect(logOf(files).heads).toEqual([next]);
  });

  it("joins a merge of Python's, of two times (B5)", () => {
    const merged = [...fork, `${id(20)}.${id(40, 99)}`, `${id(30)}.${id(45, 99)}`];
    expect(logOf(merged).heads).toEqual([id(40, 99), id(45, 99)]);
    const { files, id: next } = commit(merged, 60, 60);
    expect(current(files)).toBe(next);
    expect(logOf(files).heads).toEqual([next]);
  });
});

/**
 * What writers do: we commit on all heads, or not knowing of the last few files, or knowing that they are there when what
 * is written is made already; Python commits on what it meets last, or merges.
 */
type Act =
  | { by: "us" }
  | { by: "us, stale" | "us, slowly"; unseen: number }
  | { by: "Python" }
  | { by: "Python's merge"; gap: number };

const act: fc.Arbitrary<Act> = fc.oneof(
  fc.constant({ by: "us" } as const),
  fc.record({ by: fc.constantFrom("us, stale" as const, "us, slowly" as const), unseen: fc.nat(8) }),
  fc.constant({ by: "Python" } as const),
  fc.record({ by: fc.constant("Python's merge" as const), gap: fc.nat(2) }),
);

describe("histories of us and Python", () => {
  it("end, after each commit on all heads, at that commit, and lose nothing", () => {
    fc.assert(
      fc.property(fc.array(act, { minLength: 1, maxLength: 12 }), (acts) => {
        let files: readonly string[] = [];
        acts.forEach((one, i) => {
          const now = 100 * (i + 1);
          if (one.by === "Python") {
            files = [...files, `${files.length > 0 ? current(files) : ROOT}.${id(now)}`];
          } else if (one.by === "Python's merge") {
            const met = depthFirstWalk(files);
            const leaves = met.filter(
              ({ child }, at) =>
                met.findIndex((other) => other.child === child) < at ||
                !files.some((file) => file.startsWith(child)),
            );
            const heads = [...new Set(leaves.map(({ child }) => child))];
            if (heads.length < 2) return;
            files = [...files, ...heads.map((head, n) => `${head}.${id(now + n * one.gap, now)}`)];
          } else if (one.by === "us, stale" || one.by === "us, slowly") {
            const seen = files.slice(0, Math.max(0, files.length - one.unseen));
            const { files: made, id } = commit(one.by === "us, stale" ? seen : files, now, now, seen);
            files = [...new Set([...files, ...made])];
            // Whatever it did not see, it must not claim to be built on.
            const known = new Set([
              digestOfId(id),
              ...seen.map((file) => digestOfId(parseName(file)!.child)),
            ]);
            for (const one of ancestors(logOf(files), id)) expect(known).toContain(digestOfId(one));
          } else {
            const before = logOf(files);
            const next = commit(files, now, now);
            const log = logOf(next.files);
            expect(log.heads).toEqual([next.id]);
            expect(current(next.files)).toBe(next.id);
            const reach = ancestors(log, next.id);
            expect(log.ids.every((one) => reach.has(one))).toBe(true);
            expect(log.ids.length).toBeGreaterThanOrEqual(before.ids.length);
            for (const file of next.files) {
              const { parent, child } = parseName(file)!;
              expect(epochOf(child) > epochOf(parent)).toBe(true);
            }
            files = next.files;
          }
        });
      }),
      { numRuns: 500 },
    );
  });
});
