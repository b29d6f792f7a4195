import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildLog } from "../../src/changelog/log.ts";
import { ancestors } from "../../src/changelog/log-lookup.ts";
import { placeMerge } from "../../src/changelog/python/placement.ts";
import { joinTwins } from "../../src/changelog/python/twins.ts";
import { depthFirstWalk } from "../../src/changelog/python/walk.ts";
import {
  epochOf,
  laterTwin,
  parseName,
  type RevisionName,
  ROOT,
  toEpoch,
} from "../../src/changelog/revision.ts";
import { LakotaError } from "../../src/model/errors.ts";
import { hextime } from "../../src/model/layout.ts";

const DAY = 86_400_000;
const LAST = 0xfff_ffff_ffff;
const NOW = Date.UTC(2026, 0, 31);

const digest = (content: number) => content.toString(16).padStart(40, "0");
const id = (ms: number, content = 1) => `${hextime(ms)}-${digest(content)}`;
const named = (parent: string, child: string) => ({ parent, child, name: `${parent}.${child}` });
const codeOf = (work: () => unknown): string | undefined => {
  try {
    work();
    return undefined;
  } catch (error) {
    return error instanceof LakotaError ? error.code : "internal";
  }
};

const times = fc.oneof(
  fc.integer({ min: 0, max: 6 }),
  fc.integer({ min: 0, max: 6 }).map((ms) => NOW + ms),
  fc.integer({ min: 0, max: 6 }).map((ms) => NOW + DAY - 3 + ms),
  fc.integer({ min: 0, max: 6 }).map((ms) => LAST - ms),
);
const revisions = fc.tuple(times, fc.integer({ min: 1, max: 4 })).map(([ms, content]) => id(ms, content));
/** File names as a stranger may have made them: with circles, twins, and times at both ends of the format. */
const names = fc.array(
  fc.tuple(fc.oneof(fc.constant(ROOT), revisions), revisions).map(([parent, child]) => named(parent, child)),
  { maxLength: 12 },
);

describe("the time of a commit", () => {
  const place = (parent: string, now: number) =>
    placeMerge(parent === ROOT ? [] : [named(ROOT, parent)], [parent], digest(9), now);

  it("is that of the clock, or later than its parent by a millisecond, up to a day", () => {
    expect(place(id(NOW - 5), NOW).id).toBe(id(NOW, 9));
    expect(place(id(NOW + DAY), NOW).id).toBe(id(NOW + DAY + 1, 9));
    expect(codeOf(() => place(id(NOW + DAY + 1), NOW))).toBe("conflict");
  });

  it("is never after the last of the format: the revision that is in the way is named", () => {
    expect(() => place(id(LAST), NOW)).toThrowError(id(LAST));
    expect(codeOf(() => place(id(LAST), NOW))).toBe("conflict");
    expect(codeOf(() => place(id(LAST), LAST))).toBe("invalid-argument");
    expect(place(id(LAST - 1), LAST).id).toBe(id(LAST, 9));
  });

  it("is refused if the clock is before 1970, after 2527, or not a time", () => {
    for (const now of [-1, LAST + 1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(codeOf(() => place(ROOT, now))).toBe("invalid-argument");
  });

  it("gives names that readers know, later than the parents, whatever the files of the changelog", () => {
    fc.assert(
      fc.property(names, times, (files, now) => {
        const joined = joinTwins(files);
        let heads: readonly string[];
        try {
          ({ heads } = buildLog(joined));
        } catch {
          return; // a circle
        }
        let placed: ReturnType<typeof placeMerge>;
        try {
          placed = placeMerge(joined, heads, digest(9), now);
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^(conflict|invalid-argument)$/) });
          return;
        }
        for (const name of [...placed.files, ...(placed.copy ? [placed.copy.to] : [])]) {
          const read = parseName(name);
          expect(read, name).toBeDefined();
          expect(epochOf(read!.child) <= epochOf(placed.id) || name === placed.copy?.to).toBe(true);
        }
        const made = placed.files.map((name) => parseName(name)!);
        for (const { parent, child } of made) expect(epochOf(child) > epochOf(parent)).toBe(true);
        if (heads.length > 0) for (const head of heads) expect(epochOf(placed.id) > epochOf(head)).toBe(true);
      }),
      { numRuns: 3_000 },
    );
  });

  it("has no later twin after the last of the format", () => {
    expect(laterTwin(id(LAST - 1))).toBe(id(LAST));
    expect(laterTwin(id(LAST))).toBeUndefined();
  });

  it("as `before` is at most the last of the format, so that all others are earlier", () => {
    expect(toEpoch(new Date("2900-01-01"))).toBe(hextime(LAST));
    expect(toEpoch("2900-01-01")).toBe(hextime(LAST));
  });
});

describe("circles of revisions", () => {
  const circle = [named(ROOT, id(1, 1)), named(id(1, 1), id(2, 2)), named(id(2, 2), id(3, 3))];
  const closing = { ...named(id(3, 3), id(1, 1)), path: `ab/cd/ef/${id(3, 3)}.${id(1, 1)}` };

  it("are corrupt, and the suspect is named first", () => {
    expect(codeOf(() => buildLog([...circle, closing]))).toBe("corrupt");
    expect(() => buildLog([...circle, closing])).toThrowError(`itself: ${closing.path},`);
  });

  it("are corrupt beside and below heads as well", () => {
    const beside = named(ROOT, id(4, 4));
    const above = named(id(3, 3), id(5, 5));
    expect(codeOf(() => buildLog([...circle, closing, beside]))).toBe("corrupt");
    expect(codeOf(() => buildLog([...circle, closing, above]))).toBe("corrupt");
  });

  it("may consist of one revision, or of twins: no head would lead to it", () => {
    const own = named(id(1, 1), id(1, 1));
    const twins = [own, named(id(1, 1), id(2, 1))];
    expect(() => buildLog([own])).toThrowError(`itself: ${own.name}.`);
    expect(codeOf(() => buildLog([own, named(ROOT, id(5, 5))]))).toBe("corrupt");
    expect(codeOf(() => buildLog(joinTwins(twins)))).toBe("corrupt");
    expect(buildLog(joinTwins([...twins, named(ROOT, id(1, 1))])).heads).toEqual([id(2, 1)]);
  });

  it("do not hide what was there before they were closed", () => {
    expect(buildLog([...circle, closing], hextime(3)).heads).toEqual([id(2, 2)]);
  });

  it("are found exactly where there are some; otherwise a head leads to each revision", () => {
    fc.assert(
      fc.property(names, (files) => {
        const parents = new Map<string, string[]>();
        for (const { parent, child } of files)
          if (parent !== child) parents.set(child, [...(parents.get(child) ?? []), parent]);
        const isOwnParent = files.some(({ child }) => !parents.has(child));
        const isCircular = [...parents.keys()].some((start) => {
          const seen = new Set<string>();
          const open = [...parents.get(start)!];
          for (let top = open.pop(); top !== undefined; top = open.pop()) {
            if (top === start) return true;
            if (seen.has(top)) continue;
            seen.add(top);
            open.push(...(parents.get(top) ?? []));
          }
          return false;
        });
        if (isCircular || isOwnParent) {
          expect(codeOf(() => buildLog(files))).toBe("corrupt");
          return;
        }
        const log = buildLog(files);
        const reached = new Set(log.heads.flatMap((head) => [...ancestors(log, head)]));
        expect([...reached].sort()).toEqual([...parents.keys()].sort());
      }),
      { numRuns: 3_000 },
    );
  });
});

describe("the root", () => {
  it("is no revision: a file that has it as child is none of the changelog", () => {
    expect(parseName(`${id(5)}.${ROOT}`)).toBeUndefined();
    expect(parseName(`${id(5)}.${id(1, 0)}`)).toBeUndefined();
  });
});

describe("many names", () => {
  const chain = (count: number) => Array.from({ length: count }, (_, i) => named(ROOT, id(NOW + i)));

  it("of one digest, a millisecond apart, are one revision", () => {
    const joined = joinTwins(chain(20_000).reverse());
    expect(new Set(joined.map(({ child }) => child))).toEqual(new Set([id(NOW + 19_999)]));
    const log = buildLog(joined);
    expect(log.ids).toEqual([id(NOW + 19_999)]);
    const placed = placeMerge(joined, log.heads, digest(9), NOW);
    expect(placed.id).toBe(id(NOW + 20_000, 9));
  });

  it("have a parent by its later twin, if its own file is gone", () => {
    const files = [named(id(5), id(11, 2)), named(id(10, 2), id(20, 3))];
    expect(buildLog(joinTwins(files)).heads).toEqual([id(20, 3)]);
  });

  it("are joined as the naive rule joins them", () => {
    const naive = (files: readonly RevisionName[]) => {
      const children = new Set(files.map(({ child }) => child));
      const last = (name: string): string => {
        const twin = laterTwin(name);
        return twin !== undefined && children.has(twin) ? last(twin) : name;
      };
      return files.map((file) => ({ ...file, parent: last(file.parent), child: last(file.child) }));
    };
    const agree = (files: readonly RevisionName[]) => expect(joinTwins(files)).toEqual(naive(files));
    fc.assert(
      fc.property(names, (files) => void agree(files)),
      { numRuns: 2_000 },
    );
  });

  it("beside one parent, or as parents of one revision, are no trouble", () => {
    const ids = Array.from({ length: 150_000 }, (_, i) => id(NOW + 2 * i + 2, i + 2));
    const heads = ids.map((child) => ({ parent: id(NOW), child, name: `${id(NOW)}.${child}` }));
    const log = buildLog(heads);
    expect(log.heads).toHaveLength(150_000);
    expect(depthFirstWalk(heads.map(({ name }) => name))).toHaveLength(150_000);
    const child = id(NOW + 1_000_000, 1);
    const merged = buildLog([
      ...heads,
      ...ids.map((parent) => ({ parent, child, name: `${parent}.${child}` })),
    ]);
    expect(merged.heads).toEqual([child]);
    expect(ancestors(merged, child).size).toBe(150_001);
  });
});
