import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildLog, type Log } from "../../src/changelog/log.ts";
import { placeMerge } from "../../src/changelog/python/placement.ts";
import { joinTwins } from "../../src/changelog/python/twins.ts";
import { parseName, type RevisionName, ROOT } from "../../src/changelog/revision.ts";
import { Revisions } from "../../src/changelog/revisions.ts";
import { hextime } from "../../src/model/layout.ts";

const FOLDER = "ab/cd/ef";
const digest = (content: number) => content.toString(16).padStart(40, "0");
const id = (ms: number, content = ms) => `${hextime(ms)}-${digest(content)}`;

/** What a reader sees who has only this listing. */
function expected(names: Iterable<string>): Log | "corrupt" {
  try {
    return buildLog(joinTwins([...names].flatMap((name) => parseName(name) ?? [])));
  } catch {
    return "corrupt";
  }
}

const seenIn = (log: Log) => ({
  ids: log.ids,
  heads: log.heads,
  parents: new Map(log.ids.map((child) => [child, [...log.parents.get(child)!].sort()])),
});

function logOf(revisions: Revisions): Log | "corrupt" {
  try {
    return revisions.log;
  } catch {
    return "corrupt";
  }
}

function check(revisions: Revisions, names: ReadonlySet<string>): void {
  const files = new Set([...names].filter((name) => parseName(name)));
  expect(new Set(revisions.names.map(({ name }) => name))).toEqual(files);
  expect(revisions.names).toHaveLength(files.size);
  const [log, naive] = [logOf(revisions), expected(names)];
  if (log === "corrupt" || naive === "corrupt") {
    expect(log).toBe(naive);
    return;
  }
  expect(seenIn(log)).toEqual(seenIn(naive));
  for (const child of log.ids) {
    const file = log.files.get(child)!;
    expect(files.has(file)).toBe(true);
    expect(revisions.names.find(({ name }) => name === file)!.child).toBe(child);
  }
}

describe("revisions, listing by listing", () => {
  const times = fc.integer({ min: 1, max: 12 });
  const ids = fc.tuple(times, fc.integer({ min: 1, max: 5 })).map(([ms, content]) => id(ms, content));
  const names = fc.oneof(
    { weight: 9, arbitrary: fc.tuple(fc.oneof(fc.constant(ROOT), ids), ids).map((pair) => pair.join(".")) },
    { weight: 1, arbitrary: fc.constantFrom("tmp", "x.y") },
  );
  const steps = fc.array(
    fc.record({
      added: fc.array(names, { maxLength: 3 }),
      removed: fc.option(fc.nat(20), { freq: 4 }),
      way: fc.constantFrom("listing", "with", "both"),
      from: fc.option(fc.nat(5), { freq: 4 }),
    }),
    { maxLength: 12 },
  );

  it("are those of the naive rule, whatever was added or removed, also to an earlier listing", () => {
    let wereAdded = false;
    fc.assert(
      fc.property(steps, (all) => {
        const past: { revisions: Revisions; names: ReadonlySet<string> }[] = [
          { revisions: Revisions.of([], FOLDER), names: new Set() },
        ];
        for (const { added, removed, way, from } of all) {
          const base = past.at(from === null ? -1 : -1 - (from % past.length))!;
          const next = new Set([...base.names, ...added]);
          let { revisions } = base;
          if (way !== "listing") {
            const files = added.flatMap((name): RevisionName[] => {
              const parsed = parseName(name);
              return parsed ? [{ ...parsed, path: `${FOLDER}/${name}` }] : [];
            });
            revisions = revisions.with(files);
          }
          if (way !== "with") {
            if (removed !== null) next.delete([...next][removed % Math.max(1, next.size)] ?? "");
            revisions = Revisions.of([...next].sort(), FOLDER, revisions);
          }
          past.push({ revisions, names: next });
          check(revisions, next);
        }
        for (const { revisions, names } of past) check(revisions, names); // later ones changed none
        for (const [i, { revisions }] of past.entries()) {
          const earlier = past[Math.max(0, i - 1)]!.revisions;
          const added = revisions.addedSince(earlier);
          if (!added) continue;
          const together = [...earlier.names, ...added];
          expect(together.length).toBe(revisions.names.length);
          expect(together.every(({ name }, i) => name === revisions.names[i]!.name)).toBe(true);
          wereAdded ||= added.length === 1;
        }
      }),
      { numRuns: 3_000 },
    );
    expect(wereAdded).toBe(true);
  });

  it("are the same object if nothing was added", () => {
    const names = [`${ROOT}.${id(1)}`, `${id(1)}.${id(2)}`];
    const first = Revisions.of(names, FOLDER);
    expect(Revisions.of([...names, "tmp"], FOLDER, first)).toBe(first);
    expect(first.with(first.names)).toBe(first);
    const more = Revisions.of([...names, `${id(2)}.${id(3)}`], FOLDER, first);
    expect(more.log.heads).toEqual([id(3)]);
    expect(first.log.heads).toEqual([id(2)]);
    expect(more.names[2]!.path).toBe(`${FOLDER}/${id(2)}.${id(3)}`);
  });
});

it("the place right after a commit on all heads is beside it, as if all files were looked at", () => {
  const writer = fc.record({ sees: fc.nat(6), pause: fc.integer({ min: 0, max: 2 }), python: fc.boolean() });
  fc.assert(
    fc.property(fc.array(writer, { minLength: 1, maxLength: 10 }), (writers) => {
      const files: string[] = [];
      let now = 100;
      for (const [i, { sees, pause }] of writers.entries()) {
        now += pause;
        const seen = files.slice(0, Math.max(0, files.length - sees));
        const { heads } = buildLog(joinTwins(seen.map((name) => parseName(name)!)));
        const all = joinTwins(files.map((name) => parseName(name)!));
        const placed = placeMerge(all, heads, digest(1_000 + i), now);
        if (placed.copy) files.push(placed.copy.to);
        files.push(...placed.files.toReversed());
        const after = joinTwins(files.map((name) => parseName(name)!));
        const log = buildLog(after);
        if (log.heads.join() !== placed.id) continue;
        const content = digest(5_000 + i);
        expect(placeMerge([], [placed.id], content, now)).toEqual(
          placeMerge(after, [placed.id], content, now),
        );
      }
    }),
    { numRuns: 3_000 },
  );
});
