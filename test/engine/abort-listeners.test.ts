import { openRepo, Schema } from "lakota/engine";
import { afterEach, beforeEach, expect, it } from "vitest";

const warnings: Error[] = [];
const onWarning = (warning: Error) => void warnings.push(warning);
beforeEach(() => void process.on("warning", onWarning));
afterEach(() => void process.off("warning", onWarning));

it("a commit that reads and stores many runs adds one listener to its signal", async () => {
  const repo = await openRepo("memory://");
  const collection = await repo.createCollection(new Schema({ t: "int*", v: "float" }), "c");
  const series = collection.series("s");
  // Twenty segments that are too long for compaction, with a gap after each.
  for (let i = 0; i < 20; i++) {
    const t = Array.from({ length: 33_000 }, (_, row) => i * 100_000 + row);
    await series.write({ t, v: t.map((key) => Math.sin(key * i)) });
  }
  const keys = Array.from({ length: 20 }, (_, i) => i * 100_000 + 7);
  await series.update({ t: keys, v: keys });
  const few = Array.from({ length: 20 }, (_, i) => `s${i}`);
  await collection.batch((batch) =>
    Promise.all(few.map((label) => batch.series(label).write({ t: keys, v: keys }))),
  );
  await new Promise(setImmediate); // warnings are emitted in the next turn of the event loop
  expect(warnings).toEqual([]);
  expect((await series.read({ start: 7, stop: 8 })).get("v")).toEqual(new Float64Array([7]));
});
