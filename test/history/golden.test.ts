import { readFileSync } from "node:fs";
import { openRepo, Schema } from "lakota/engine";
import { expect, it } from "vitest";

interface Op {
  op: string;
  series: string;
  keys: string[];
  values: string[];
  start: string | null;
  stop: string | null;
  closed: "l" | "r" | "b" | "n";
}

const CLOSED = { l: "left", r: "right", b: "both", n: "none" } as const;
const { random_ops: ops } = JSON.parse(
  readFileSync(new URL("../golden/b_overlap.expected.json", import.meta.url), "utf8"),
) as { random_ops: Op[] };

it("replaying a history that Python wrote gives the correct rows, also where Python lost some", async () => {
  const repo = await openRepo("memory://", { maxAge: 0 });
  const collection = await repo.createCollection(new Schema({ key: "int*", value: "float" }), "random");
  const model = new Map<string, Map<number, number>>();
  for (const { series, keys, values, start, stop, closed } of ops) {
    const [key, value] = [keys.map(Number), values.map(Number)];
    const [first, last] = [Number(start ?? key[0]), Number(stop ?? key.at(-1))];
    const inside = (k: number) =>
      (closed === "l" || closed === "b" ? k >= first : k > first) &&
      (closed === "r" || closed === "b" ? k <= last : k < last);
    const rows = model.get(series) ?? new Map<number, number>();
    model.set(series, rows);
    for (const k of [...rows.keys()].filter(inside)) rows.delete(k);
    // Python stores rows outside of the range, although they are never visible; this library rejects them.
    const kept = key.flatMap((k, i) => (inside(k) ? [[k, value[i]!] as const] : []));
    for (const [k, v] of kept) rows.set(k, v);
    const frame = { key: kept.map(([k]) => k), value: kept.map(([, v]) => v) };
    await collection.series(series).write(frame, { start: first, stop: last, closed: CLOSED[closed] });
    for (const label of model.keys()) {
      const shown = await collection.series(label).read({ numbers: true });
      const expected = [...model.get(label)!].sort(([a], [b]) => a - b);
      expect([...shown.numbers("key")].map((k, i) => [k, shown.numbers("value")[i]])).toEqual(expected);
    }
  }
  expect(ops.length).toBeGreaterThan(30);
});
