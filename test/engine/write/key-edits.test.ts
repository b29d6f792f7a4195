import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeChunk } from "../../../src/codecs/chunk.ts";
import { ChunkLoader } from "../../../src/engine/read/chunk-loader.ts";
import { ReadSource } from "../../../src/engine/read/read-context.ts";
import { ChunkWriter } from "../../../src/engine/write/chunk-writer.ts";
import { editKeys, withoutKeys, withUpdates } from "../../../src/engine/write/key-edits.ts";
import { isFresh, type Piece } from "../../../src/engine/write/piece.ts";
import { castPartial, castRows, type Rows } from "../../../src/engine/write/rows.ts";
import { SeriesDraft } from "../../../src/engine/write/series-draft.ts";
import type { Bytes } from "../../../src/model/bytes.ts";
import {
  after,
  before,
  compareCuts,
  contains,
  FIRST,
  type Interval,
  type Key,
  LAST,
} from "../../../src/model/key.ts";
import { Schema } from "../../../src/model/schema.ts";
import type { Strings } from "../../../src/model/strings.ts";
import { MemoryStore } from "../../../src/stores/memory/memory-store.ts";

const schema = new Schema({ t: "int*", x: "float", s: "str" });
const MAX_KEY = 9;

/** Key, number and text. */
type Row = [t: number, x: number, s: string];

const toRows = (rows: readonly Row[]): Rows =>
  castRows(schema, { t: rows.map(([t]) => t), x: rows.map(([, x]) => x), s: rows.map(([, , s]) => s) });

function fromRows({ columns: [t, x, s] }: Rows): Row[] {
  const texts = (s as Strings).toArray();
  return Array.from(t as BigInt64Array, (key, i) => [Number(key), (x as Float64Array)[i]!, texts[i]!]);
}

const keysOf = (values: readonly number[]): Key[] => values.map((value) => [BigInt(value)]);

const value = fc.constantFrom(0, -0, 1, 2, Number.NaN);
const text = fc.constantFrom("", "a", "é");
/** Sorted rows. Keys may repeat. */
const someRows: fc.Arbitrary<Row[]> = fc
  .array(fc.tuple(fc.nat(MAX_KEY), value, text), { maxLength: 12 })
  .map((rows) => rows.sort(([a], [b]) => a - b));
const someKeys = fc.uniqueArray(fc.nat(MAX_KEY), { maxLength: 6 }).map((keys) => keys.sort((a, b) => a - b));

/** An update of some columns: sorted, with unique keys. */
interface Update {
  rows: Row[];
  columns: ("x" | "s")[];
}
const someUpdate: fc.Arbitrary<Update> = fc.record({
  rows: fc
    .uniqueArray(fc.tuple(fc.nat(MAX_KEY), value, text), { selector: ([t]) => t, maxLength: 6 })
    .map((rows): Row[] => rows.sort(([a], [b]) => a - b)),
  columns: fc.subarray<"x" | "s">(["x", "s"]),
});

const toPartialRows = ({ rows, columns }: Update) =>
  castPartial(schema, {
    t: rows.map(([t]) => t),
    ...(columns.includes("x") && { x: rows.map(([, x]) => x) }),
    ...(columns.includes("s") && { s: rows.map(([, , s]) => s) }),
  });

/** Applies an update to plain rows. */
function updated(rows: readonly Row[], { rows: updates, columns }: Update): Row[] {
  const changed = rows.map(([t, x, s]): Row => {
    const update = updates.find(([key]) => key === t);
    return [
      t,
      update && columns.includes("x") ? update[1] : x,
      update && columns.includes("s") ? update[2] : s,
    ];
  });
  const added = updates
    .filter(([t]) => !rows.some(([key]) => key === t))
    .map(([t, x, s]): Row => [t, columns.includes("x") ? x : 0, columns.includes("s") ? s : ""]);
  return [...changed, ...added].sort(([a], [b]) => a - b);
}

/** A piece of a draft: the keys from `from` on, with rows that are stored or in memory. */
interface PieceSpec {
  from: number;
  stored: boolean;
  gap: boolean;
}
/** Splits all keys into pieces, some of which are left out. */
const somePieces: fc.Arbitrary<PieceSpec[]> = fc
  .uniqueArray(
    fc.record({ from: fc.integer({ min: 0, max: MAX_KEY }), stored: fc.boolean(), gap: fc.boolean() }),
    { selector: ({ from }) => from, maxLength: 4 },
  )
  .map((specs) => specs.sort((a, b) => a.from - b.from));

/** Makes a draft of rows in pieces. Returns also the rows that are visible. */
async function draftOf(rows: readonly Row[], specs: readonly PieceSpec[]) {
  const store = new MemoryStore();
  const writer = new ChunkWriter({ store, concurrency: 4 });
  const embedded = new Map<string, Bytes>();
  const pieces: Piece[] = [];
  const visible: Row[] = [];
  for (const [i, { from, stored, gap }] of specs.entries()) {
    if (gap) continue;
    const next = specs[i + 1]?.from;
    const range: Interval = {
      lo: before([BigInt(from)]),
      hi: next === undefined ? LAST : before([BigInt(next)]),
    };
    const own = rows.filter(([t]) => contains(range, [BigInt(t)]));
    visible.push(...own);
    const content = toRows(own);
    if (stored) {
      const made = await writer.store(schema, "s", content, range);
      for (const [digest, bytes] of made.embedded) embedded.set(digest, bytes);
      pieces.push(...made.segments);
    } else pieces.push({ ...range, label: "s", length: own.length, rows: content });
  }
  const source = new ReadSource(new ChunkLoader(store, decodeChunk, () => undefined), 4);
  const { signal } = new AbortController();
  return { draft: new SeriesDraft("s", pieces, { schema, source, embedded, signal }), visible };
}

/** Returns the keys whose rows differ, bit by bit. */
function changedKeys(a: readonly Row[], b: readonly Row[]): number[] {
  const same = (x: readonly Row[], y: readonly Row[]) =>
    x.length === y.length && x.every((row, i) => row.every((item, c) => Object.is(item, y[i]![c])));
  const of = (rows: readonly Row[], key: number) => rows.filter(([t]) => t === key);
  return Array.from({ length: MAX_KEY + 1 }, (_, key) => key).filter((key) => !same(of(a, key), of(b, key)));
}

const everything: Interval = { lo: FIRST, hi: LAST };
const point = (key: number): Interval => ({ lo: before([BigInt(key)]), hi: after([BigInt(key)]) });

/** Checks a draft after an edit: its rows, the ranges returned, and that other pieces are untouched. */
async function check(
  { draft, visible }: Awaited<ReturnType<typeof draftOf>>,
  edit: () => Promise<Interval[]>,
  expected: readonly Row[],
): Promise<void> {
  const pieces = [...draft.pieces]; // the draft may add to its list
  const ranges = await edit();
  expect(fromRows(await draft.read(everything))).toEqual(expected);
  const changed = changedKeys(visible, expected);
  expect(ranges).toEqual(changed.map(point));
  const isUntouched = ({ lo, hi }: Piece) =>
    ranges.every((range) => compareCuts(range.hi, lo) <= 0 || compareCuts(range.lo, hi) >= 0);
  const untouched = pieces.filter(isUntouched);
  expect(draft.pieces).toEqual(expect.arrayContaining([...untouched]));
  // The changed rows of a piece, or of a gap between two, are one new piece.
  const added = draft.pieces.filter(
    (piece) => isFresh(piece) && !pieces.some((old) => isFresh(old) && old.rows === piece.rows),
  );
  expect(added.length).toBeLessThanOrEqual(2 * pieces.length + 1);
  for (const key of changed) expect(added.filter((piece) => contains(piece, [BigInt(key)]))).toHaveLength(1);
}

test("withoutKeys removes all rows of the keys, and no others", () => {
  fc.assert(
    fc.property(someRows, someKeys, (rows, keys) => {
      expect(fromRows(withoutKeys(schema, toRows(rows), keysOf(keys)))).toEqual(
        rows.filter(([t]) => !keys.includes(t)),
      );
    }),
  );
});

describe("withUpdates", () => {
  test("sets the columns of the update, keeps the others, and adds rows with new keys", () => {
    fc.assert(
      fc.property(someRows, someUpdate, (rows, update) => {
        const result = withUpdates(schema, toRows(rows), toPartialRows(update), 0, update.rows.length);
        expect(fromRows(result)).toEqual(updated(rows, update));
      }),
    );
  });

  test("applies only the rows of the update from `from` to `to`", () => {
    const rows: Row[] = [[1, 1, "a"]];
    const update: Update = { rows: [0, 1, 2].map((t): Row => [t, 9, "z"]), columns: ["x"] };
    expect(fromRows(withUpdates(schema, toRows(rows), toPartialRows(update), 1, 3))).toEqual([
      [1, 9, "a"],
      [2, 9, ""],
    ]);
  });
});

describe("editKeys", () => {
  test("removes keys", async () => {
    await fc.assert(
      fc.asyncProperty(someRows, somePieces, someKeys, async (rows, specs, values) => {
        const made = await draftOf(rows, specs);
        const keys = keysOf(values);
        const edit = () =>
          editKeys(made.draft, schema, keys, (old, from, to) =>
            withoutKeys(schema, old, keys.slice(from, to)),
          );
        await check(
          made,
          edit,
          made.visible.filter(([t]) => !values.includes(t)),
        );
      }),
    );
  });

  test("updates keys", async () => {
    await fc.assert(
      fc.asyncProperty(someRows, somePieces, someUpdate, async (rows, specs, update) => {
        const made = await draftOf(rows, specs);
        const partial = toPartialRows(update);
        const keys = keysOf(update.rows.map(([t]) => t));
        const edit = () =>
          editKeys(made.draft, schema, keys, (old, from, to) => withUpdates(schema, old, partial, from, to));
        await check(made, edit, updated(made.visible, update));
      }),
    );
  });
});
