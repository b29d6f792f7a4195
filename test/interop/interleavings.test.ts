import fc from "fast-check";
import { expect, test } from "vitest";
import { interval } from "../../src/model/key.ts";
import { Model } from "../engine/model.ts";
import { expectFrame, frameOf } from "./frames.ts";
import { type Meeting, onEachGround } from "./grounds.ts";
import { NUMBERS, rowsOf } from "./history.ts";

const SERIES = ["a", "b", "é"];
/** Keys are below this. */
const KEYS = 24;

type Who = "python" | "ours";

/** A range of keys in place of which some of them are written. */
interface Patch {
  series: string;
  start: number;
  stop: number;
  /** Of each key of the range, whether it is written. None: the range is deleted. */
  filled: boolean[];
}

type Step =
  | { do: "write"; who: Who; patch: Patch }
  | { do: "batch"; who: Who; patches: Patch[] }
  | { do: "drop"; who: Who; series: string }
  | { do: "defrag" | "gc"; who: Who }
  | { do: "part and merge"; here: Who; there: Who; puller: Who; mine: Patch; theirs: Patch };

const who = fc.constantFrom<Who>("python", "ours");
const patch = fc
  .record({
    series: fc.constantFrom(...SERIES),
    ends: fc.tuple(fc.nat(KEYS - 1), fc.nat(KEYS - 1)),
    filled: fc.oneof(fc.array(fc.boolean(), { maxLength: KEYS }), fc.constant<boolean[]>([])),
  })
  .map(
    ({ series, ends, filled }): Patch => ({
      series,
      start: Math.min(...ends),
      stop: Math.max(...ends),
      filled,
    }),
  );

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant("write" as const), who, patch }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("batch" as const),
      who,
      patches: fc.array(patch, { minLength: 1, maxLength: 3 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("drop" as const), who, series: fc.constantFrom(...SERIES) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom("defrag" as const, "gc" as const), who }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("part and merge" as const),
      here: who,
      there: who,
      puller: who,
      mine: patch,
      theirs: patch,
    }),
  },
);

const keysOf = ({ start, stop, filled }: Patch) =>
  Array.from({ length: stop - start + 1 }, (_, i) => start + i).filter((_, i) => filled[i]);

/** What the collection must show, and the repository of which it is said. */
class Interleaving {
  readonly #meeting: Meeting;
  readonly #models = new Map<string, Model>();
  /** When each state was left behind, and what it was. */
  readonly #past: { until: string; shown: Map<string, [number, number][]> }[] = [];
  #value = 0;
  #copies = 0;
  /** Python goes through history by branches, so with several it may not see all that was before a moment. */
  #branched = false;

  constructor(meeting: Meeting) {
    this.#meeting = meeting;
  }

  async run(steps: readonly Step[]): Promise<void> {
    await this.#meeting.python.create("c", NUMBERS);
    for (const one of steps) {
      const shown = this.#shown();
      const known = new Set(await this.#meeting.ours.log("c"));
      await this.#take(one);
      const [first] = (await this.#meeting.ours.log("c")).filter((id) => !known.has(id)).sort();
      if (first !== undefined) this.#past.push({ until: first.slice(0, 11), shown });
      await this.#expect(this.#shown(), one.do);
    }
    for (const { until, shown } of this.#past) await this.#expect(shown, `before ${until}`, until);
  }

  async #take(one: Step): Promise<void> {
    const meeting = this.#meeting;
    switch (one.do) {
      case "write":
        this.#apply(one.patch, await this.#write(meeting, one.who, one.patch));
        return;
      case "batch": {
        const patches = one.patches.filter((each) => keysOf(each).length > 0);
        const rows = patches.map((each) => this.#rows(each));
        await meeting[one.who].batch(
          "c",
          patches.map((each, i) => ({ ...rangeOf(each), series: each.series, frame: rowsOf(rows[i]!) })),
        );
        patches.forEach((each, i) => {
          this.#apply(each, rows[i]!);
        });
        return;
      }
      case "drop":
        if (!this.#models.delete(one.series)) return;
        await meeting[one.who].drop("c", [one.series]);
        return;
      case "defrag":
        await meeting[one.who].defrag("c");
        return;
      case "gc":
        await meeting[one.who].gc(0);
        return;
      case "part and merge":
        await this.#part(one);
    }
  }

  /** One writes here, another to a copy, which is pulled and merged: the later write is seen where they overlap. */
  async #part({ here, there, puller, mine, ...step }: Step & { do: "part and merge" }): Promise<void> {
    const theirs = apart(mine, step.theirs);
    const meeting = this.#meeting;
    const copy = meeting.at(`${meeting.name}-copy-${++this.#copies}`);
    await meeting.ours.push(copy.name);
    const before = new Set(await meeting.ours.log("c"));
    const [a, b] = [await this.#write(meeting, here, mine), await this.#write(copy, there, theirs)];
    const made = async (side: Meeting) => (await side.ours.log("c")).find((id) => !before.has(id));
    const [idA = "", idB = ""] = [await made(meeting), await made(copy)];
    await meeting[puller].pull(copy.name);
    await meeting.ours.merge("c");
    if (idA !== "" && idB !== "") this.#branched = true;
    const applied = [
      { id: idA, patch: mine, rows: a },
      { id: idB, patch: theirs, rows: b },
    ];
    for (const { patch, rows } of applied.sort((x, y) => (x.id < y.id ? -1 : 1))) this.#apply(patch, rows);
  }

  /** Answers the rows written. */
  async #write(meeting: Meeting, who: Who, patch: Patch): Promise<[number, number][]> {
    const rows = this.#rows(patch);
    const range = rangeOf(patch);
    if (rows.length > 0) await meeting[who].write("c", patch.series, rowsOf(rows), range);
    else if (this.#models.has(patch.series)) await meeting[who].delete("c", patch.series, range);
    return rows;
  }

  #rows(patch: Patch): [number, number][] {
    return keysOf(patch).map((key) => [key, ++this.#value]);
  }

  #apply({ series, start, stop }: Patch, rows: readonly [number, number][]): void {
    if (rows.length > 0 && !this.#models.has(series)) this.#models.set(series, new Model());
    this.#models.get(series)?.write(
      interval([start], [stop], "both"),
      rows.map(([key, value]) => [[key], value]),
    );
  }

  #shown(): Map<string, [number, number][]> {
    const rows = ({ rows }: Model) => rows.map(([[key], value]): [number, number] => [Number(key), value]);
    return new Map([...this.#models].map(([series, model]) => [series, rows(model)]));
  }

  async #expect(
    shown: ReadonlyMap<string, [number, number][]>,
    when: string,
    before?: string,
  ): Promise<void> {
    const { ours, python } = this.#meeting;
    for (const side of before !== undefined && this.#branched ? [ours] : [ours, python]) {
      if (before === undefined) expect(await side.series("c"), when).toEqual([...shown.keys()].sort());
      for (const [series, rows] of shown) {
        const frame = await side.read("c", series, before === undefined ? {} : { before });
        expectFrame(frame, frameOf(NUMBERS, rowsOf(rows)), side.name, `${when}: ${series} by ${side.name}`);
      }
    }
  }
}

/**
 * A deletion takes away the rows that it saw, and leaves those that others write in its range meanwhile; how much it saw, a
 * table of Python's tells by whole segments. So where one of two deletes, it does so in another series.
 */
function apart(mine: Patch, theirs: Patch): Patch {
  const deletes = [mine, theirs].some((each) => keysOf(each).length === 0);
  if (!deletes || mine.series !== theirs.series) return theirs;
  return { ...theirs, series: SERIES[(SERIES.indexOf(mine.series) + 1) % SERIES.length]! };
}

const rangeOf = ({ start, stop }: Patch) =>
  ({ start: [String(start)], stop: [String(stop)], closed: "both" }) as const;

onEachGround((meet, ground) => {
  const runs = ground === "on disk" ? 60 : 10;
  test(`${runs} histories by both, in turns`, { timeout: 300_000 }, async () => {
    const property = fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), (steps) =>
      new Interleaving(meet()).run(steps),
    );
    await fc.assert(property, { numRuns: runs, seed: 7 });
  });
});
