import type { Batch } from "lakota";
import type { Case } from "./conformance.ts";
import { expectError, expectSame, minutes, START, weather } from "./helpers.ts";

export const cases: readonly Case[] = [
  {
    name: "a new repo is empty",
    async run({ open }) {
      const repo = await open("memory://");
      expectSame(repo.uri, "memory://", "uri");
      expectSame(await repo.ls(), [], "collections");
      const { fetched, cached, requests, kept } = await repo.status();
      expectSame([fetched, cached, requests, kept], [0, 0, 0, 0], "status");
      await expectError(repo.collection("weather"), "not-found", /weather/);
    },
  },
  {
    name: "createCollection: an existing one, another schema, an empty name",
    async run(entryPoint) {
      const { repo, collection } = await weather(entryPoint);
      const again = await repo.createCollection(collection.schema, "weather");
      expectSame([again.label, String(again.schema)], ["weather", String(collection.schema)], "again");
      expectSame((await repo.collection("weather")).schema.dump(), collection.schema.dump(), "schema");
      await expectError(
        repo.createCollection(new entryPoint.Schema({ t: "int*" }), "weather"),
        "exists",
        /weather/,
      );
      await expectError(repo.createCollection(collection.schema, " "), "invalid-argument");
      await repo.createCollection(collection.schema, "été 🌤");
      expectSame(await repo.ls(), ["weather", "été 🌤"], "collections");
      expectSame((await repo.collection("été 🌤")).label, "été 🌤", "label");
    },
  },
  {
    name: "write: series are listed by code point",
    async run(entryPoint) {
      const { collection } = await weather(entryPoint);
      for (const label of ["Zürich", "Aachen", "🌊", "東京"])
        await collection.series(label).write(minutes(1));
      expectSame(await collection.ls(), ["Aachen", "Zürich", "東京", "🌊"], "labels");
      expectSame(collection.series("東京").label, "東京", "label");
      expectSame(await collection.series("nobody").length({ missing: "empty" }), 0, "a series without rows");
    },
  },
  {
    name: "write: append, overlap, replace a range, empty it",
    async run(entryPoint) {
      const { collection } = await weather(entryPoint);
      const series = collection.series("Brussels");
      const values = async () => [...(await series.read()).numbers("value")];
      await series.write(minutes(3));
      await series.write(minutes(2, 3));
      expectSame(await values(), [0.5, 1.5, 2.5, 3.5, 4.5], "append");
      const from = (row: number) => new Date((START + row * 60) * 1000);
      await series.write({ timestamp: [from(1), from(2)], value: [-1, -2] });
      expectSame(await values(), [0.5, -1, -2, 3.5, 4.5], "overlap");
      const none = { timestamp: [], value: [] };
      await series.write(none, { start: from(1), stop: from(3), closed: "left" });
      expectSame(await values(), [0.5, 3.5, 4.5], "left");
      await series.write(
        { timestamp: [from(2)], value: [9] },
        { start: from(0), stop: from(4), closed: "none" },
      );
      expectSame(await values(), [0.5, 9, 4.5], "none");
      await series.write(none, { start: from(0), stop: from(4), closed: "right" });
      expectSame(await values(), [0.5], "right");
    },
  },
  {
    name: "write: times in every form, null as missing value",
    async run(entryPoint) {
      const { collection } = await weather(entryPoint);
      const series = collection.series("a");
      const at = new Date(START * 1000);
      for (const time of [at, at.toISOString(), at.getTime(), BigInt(START)]) {
        await series.write({ timestamp: [time], value: [null] });
        expectSame((await series.read()).get("timestamp"), BigInt64Array.of(BigInt(START)), String(time));
        expectSame((await series.read()).get("value"), Float64Array.of(Number.NaN), "value");
      }
    },
  },
  {
    name: "write: leaves the caller's arrays, views and frames intact",
    async run(entryPoint) {
      const { collection } = await weather(entryPoint);
      const { timestamp, value } = minutes(10);
      const series = collection.series("a");
      await series.write({ timestamp: timestamp.subarray(2, 4), value: value.subarray(2, 4) });
      expectSame([timestamp.length, value[9]], [10, 9.5], "arrays after a write");
      const frame = await series.read();
      expectSame(frame.get("value"), Float64Array.of(2.5, 3.5), "rows");
      await collection.series("b").write(frame);
      expectSame(frame.get("value"), Float64Array.of(2.5, 3.5), "frame after a write");
      expectSame(
        (await collection.series("b").read()).get("timestamp"),
        timestamp.slice(2, 4),
        "rows of the copy",
      );
    },
  },
  {
    name: "write: errors name what is wrong with a frame, and nothing is written",
    async run(entryPoint) {
      const { collection } = await weather(entryPoint);
      const series = collection.series("a");
      await expectError(series.write({ timestamp: [0] }), "invalid-frame", /"value"/);
      await expectError(series.write({ timestamp: [0, 1], value: [0] }), "invalid-frame", /length/);
      await expectError(series.write({ timestamp: [0], value: ["x"] }), "invalid-frame", /"value", row 0/);
      await expectError(series.write({ timestamp: [2000, 1000], value: [0, 1] }), "unsorted", /row 1/);
      await expectError(series.write({ timestamp: [], value: [] }), "invalid-argument", /start and stop/);
      await expectError(series.write(minutes(1), { signal: AbortSignal.abort() }), "aborted");
      await expectError((async () => collection.series("").write(minutes(1)))(), "invalid-argument", /label/);
      expectSame([await collection.ls(), await collection.log()], [[], []], "after all that");
    },
  },
  {
    name: "log: revisions, oldest first; writing the same rows again makes none",
    async run(entryPoint) {
      const { collection } = await weather(entryPoint);
      const series = collection.series("a");
      await series.write(minutes(2));
      await series.write(minutes(2));
      await series.write(minutes(2, 2));
      const log = await collection.log();
      expectSame(
        log.map(({ head }) => head),
        [false, true],
        "heads",
      );
      expectSame(log[1]?.parents, [log[0]?.id], "parents");
      expectSame(log[0]?.time instanceof Date && log[0].epoch.length, 11, "time and epoch");
      await collection.refresh();
      expectSame(
        (await collection.log()).map(({ id }) => id),
        log.map(({ id }) => id),
        "after a refresh",
      );
    },
  },
  {
    name: "batch: makes one revision, and is invisible before its end",
    async run(entryPoint) {
      const { collection } = await weather(entryPoint);
      await collection.batch(async (batch) => {
        await batch.series("a").write(minutes(2));
        await batch.series("b").write(minutes(3));
        expectSame(await collection.ls(), [], "series while it is open");
      });
      expectSame(await collection.ls(), ["a", "b"], "series");
      expectSame((await collection.log()).length, 1, "revisions");
      await collection.batch(async () => {});
      expectSame((await collection.log()).length, 1, "revisions after an empty batch");
    },
  },
  {
    name: "batch: includes writes that are not awaited",
    async run(entryPoint) {
      const { collection } = await weather(entryPoint);
      await collection.batch(async (batch) => {
        void batch.series("a").write(minutes(2));
        void batch.series("b").write(minutes(2));
      });
      expectSame(await collection.ls(), ["a", "b"], "series");
    },
  },
  {
    name: "batch: writes nothing if the callback throws, and rethrows the error",
    async run(entryPoint) {
      const { collection } = await weather(entryPoint);
      const failure = new Error("no more");
      const failing = collection.batch(async (batch) => {
        await batch.series("a").write(minutes(2));
        throw failure;
      });
      expectSame(await failing.catch((error) => error === failure), true, "the same error");
      const refused = collection.batch(async (batch) => {
        await batch.series("a").write(minutes(2));
        await batch
          .series("b")
          .write({ timestamp: [0] })
          .catch(() => undefined);
      });
      await expectError(refused, "invalid-frame", /"value"/);
      expectSame([await collection.ls(), await collection.log()], [[], []], "after both");
    },
  },
  {
    name: "batch: an aborted one accepts no further writes, and writes nothing",
    async run(entryPoint) {
      const { collection } = await weather(entryPoint);
      const controller = new AbortController();
      const late: string[] = [];
      const aborted = collection.batch(
        async (batch) => {
          await batch.series("a").write(minutes(2));
          controller.abort();
          await batch
            .series("b")
            .write(minutes(2))
            .catch(({ code }) => late.push(code));
        },
        { signal: controller.signal },
      );
      await expectError(aborted, "aborted");
      expectSame(late, ["aborted"], "a write after the abort");
      expectSame([await collection.ls(), await collection.log()], [[], []], "after it");
    },
  },
  {
    name: "batch: rejects calls after its end",
    async run(entryPoint) {
      const { collection } = await weather(entryPoint);
      let kept!: Batch;
      await collection.batch(async (batch) => {
        kept = batch;
      });
      await expectError(kept.series("a").write(minutes(1)), "closed", /batch/);
    },
  },
  {
    name: "what a change returns: its revision and the rows written, or nothing",
    async run(entryPoint) {
      const { collection } = await weather(entryPoint);
      const newest = async () => (await collection.log()).at(-1)?.id;
      const series = collection.series("a");
      const written = await series.write(minutes(3));
      expectSame(written, { revision: await newest(), rows: 3 }, "write");
      expectSame(await series.write(minutes(3)), undefined, "the same rows again");
      const updated = await series.update({ timestamp: minutes(1).timestamp, value: [9] });
      expectSame(updated, { revision: await newest(), rows: 1 }, "update");
      const deleted = await series.delete({ start: START * 1000 });
      expectSame(deleted, { revision: await newest(), rows: 0 }, "delete");
      const both = await collection.batch(async (batch) => {
        for (const label of ["b", "c"]) await batch.series(label).write(minutes(2));
      });
      expectSame(both, { revision: await newest(), rows: 4 }, "batch");
      expectSame(await collection.batch(async () => "result"), undefined, "an empty batch");
      const renamed = await collection.rename("b", "d");
      expectSame(renamed, { revision: await newest(), rows: 0 }, "rename");
      const dropped = await collection.drop("d");
      expectSame(dropped, { revision: await newest(), rows: 0 }, "drop");
    },
  },
  {
    name: "batch: several concurrently",
    async run(entryPoint) {
      const { collection } = await weather(entryPoint);
      const labels = ["a", "b", "c", "d"];
      const work = (label: string) =>
        collection.batch(async (batch) => {
          await batch.series(label).write(minutes(3));
          await batch.series(`${label}2`).write(minutes(4));
        });
      await Promise.all(labels.map(work));
      expectSame((await collection.ls()).length, 8, "series");
      expectSame((await collection.log()).filter(({ head }) => head).length, 1, "heads");
    },
  },
  {
    name: "close: later calls fail; closing twice is no error",
    async run(entryPoint) {
      const { repo, collection } = await weather(entryPoint);
      repo.close();
      repo.close();
      await expectError(repo.ls(), "closed", /memory:\/\//);
      await expectError(collection.ls(), "closed");
      await expectError(collection.series("a").read(), "closed");
      await expectError(collection.series("a").write(minutes(1)), "closed");
      await expectError(collection.series("a").pages().next(), "closed");
      await expectError(repo.status(), "closed");
    },
  },
  {
    name: "open: an invalid URI",
    async run({ open }) {
      await expectError(open(""), "invalid-argument");
      await expectError(open("gopher://x"), "unsupported", /gopher/);
    },
  },
];
