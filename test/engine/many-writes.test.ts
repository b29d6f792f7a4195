import { openRepo, Schema } from "lakota/engine";
import { afterEach, beforeEach, expect, it } from "vitest";

const warnings: Error[] = [];
const onWarning = (warning: Error) => void warnings.push(warning);
beforeEach(() => void process.on("warning", onWarning));
afterEach(() => void process.off("warning", onWarning));

const schema = new Schema({ t: "int*", v: "float" });
const labels = Array.from({ length: 3_000 }, (_, i) => `s${i}`);

it.each(["flat", "tree"] as const)(
  "a batch of thousands of writes causes no warning of Node (%s)",
  async (table) => {
    const repo = await openRepo("memory://");
    const collection = await repo.createCollection(schema, "c", { table });
    const { signal } = new AbortController();
    const rows = { t: [1, 2], v: [1, 2] };
    await collection.batch(
      async (batch) => {
        await Promise.all(labels.map((label) => batch.series(label).write(rows, { signal })));
        for (const label of labels) await batch.series(label).update({ t: [2], v: [3] }, { signal });
      },
      { signal },
    );
    await new Promise(setImmediate); // warnings are emitted in the next turn of the event loop
    expect(warnings).toEqual([]);
    expect((await collection.read(labels, { tail: 1 })).size).toBe(labels.length);
    await Promise.all(labels.map((label) => collection.series(label).length({ signal })));
    await new Promise(setImmediate);
    expect(warnings).toEqual([]);
  },
);

it("many writes, each a revision of its own, cause none either", async () => {
  const repo = await openRepo("memory://");
  const collection = await repo.createCollection(schema, "c");
  const { signal } = new AbortController();
  const written = labels
    .slice(0, 100)
    .map((label, i) => collection.series(label).write({ t: [i], v: [i] }, { signal }));
  await Promise.all(written);
  await new Promise(setImmediate);
  expect(warnings).toEqual([]);
  expect(await collection.ls()).toHaveLength(100);
});
