import type { GcProgress, VerifyProgress } from "../../src/model/api/maintenance.ts";
import type { CloneOptions } from "../../src/model/api/repo.ts";
import type { Case } from "./conformance.ts";
import { type EntryPoint, expectError, expectSame, minutes, weather } from "./helpers.ts";

const HOUR = 3_600_000;
const future = () => Date.now() + HOUR;

/** Rows that compress so badly that no commit embeds their chunks. */
function long(seed: number) {
  const timestamp = Float64Array.from(
    { length: 2_000 },
    (_, row) => 1000 * (row * 1_000 + ((row * 7_919 + seed) % 991)),
  );
  return { timestamp, value: timestamp.map((at) => Math.sin(at + seed)) };
}

/** Creates two series, the first one with several revisions. */
async function worked(entryPoint: EntryPoint) {
  const { repo, collection } = await weather(entryPoint);
  const series = collection.series("Brussels");
  await series.write(long(1));
  await series.write({ ...minutes(3, 2_000), value: [1, 2, 3] });
  await series.write({ ...minutes(1, 2_003), value: [4] });
  await collection.series("Ghent").write(long(2));
  return { repo, collection, series };
}

export const cases: readonly Case[] = [
  {
    name: "trim: removes old revisions; a dry run does not",
    async run(entryPoint) {
      const { collection, series } = await worked(entryPoint);
      const log = await collection.log();
      const dry = await collection.trim({ before: log[2]!, dryRun: true });
      expectSame((await collection.log()).length, 4, "revisions after a dry run");
      expectSame(await collection.trim({ before: log[2]! }), dry, "report");
      expectSame(
        dry.removed,
        log.slice(0, 2).map(({ id }) => id),
        "forgotten",
      );
      expectSame(dry.bytes > 0, true, "bytes");
      expectSame((await collection.log()).length, 2, "revisions");
      expectSame((await series.read()).length, 2_004, "rows");
      await expectError(collection.trim({ signal: AbortSignal.abort() }), "aborted");
    },
  },
  {
    name: "gc: sets files aside, then deletes them, and reports progress",
    async run(entryPoint) {
      const { repo, collection } = await worked(entryPoint);
      await collection.drop("Ghent");
      await collection.trim({ before: future() });
      const dry = await repo.gc({ dryRun: true });
      const seen: GcProgress[] = [];
      const onProgress = (progress: GcProgress) => {
        seen.push(progress);
      };
      const first = await repo.gc({ onProgress });
      expectSame(first, dry, "report");
      expectSame(first.setAside.files > 0 && first.setAside.bytes > 0, true, "set aside");
      expectSame(seen.at(-1), { done: first.setAside.files, total: first.setAside.files }, "progress");
      const second = await repo.gc({ grace: -1 });
      expectSame([second.deleted, second.setAside.files], [first.setAside, 0], "the second time");
      expectSame(await collection.ls(), ["Brussels"], "series");
      await expectError(repo.gc({ signal: AbortSignal.abort() }), "aborted");
    },
  },
  {
    name: "verify: reads all revisions and their chunks, reports progress, and finds nothing",
    async run(entryPoint) {
      const { repo } = await worked(entryPoint);
      const seen: VerifyProgress[] = [];
      const report = await repo.verify({
        onProgress: (progress) => {
          seen.push(progress);
        },
      });
      expectSame(
        [report.collections, report.revisions, report.unchecked],
        [1, 5, 0],
        "collections, revisions",
      );
      expectSame(report.problems, [], "problems");
      expectSame([report.chunks > 4, report.bytes > 10_000], [true, true], "chunks, bytes");
      const { files, totalFiles, bytes } = seen.at(-1)!;
      expectSame([files, bytes], [totalFiles, report.bytes], "progress");
      expectSame((await repo.verify({ labels: ["weather"] })).revisions, 5, "of one collection");
      await expectError(repo.verify({ labels: ["nowhere"] }), "not-found", /nowhere/);
      await expectError(repo.verify({ signal: AbortSignal.abort() }), "aborted");
    },
  },
  {
    name: "defrag: fewer segments, the same rows, with a note",
    async run(entryPoint) {
      const { collection } = await weather(entryPoint);
      const series = collection.series("Brussels");
      for (let i = 0; i < 8; i++) await series.write(minutes(5_000, 5_000 * i));
      const before = await series.read();
      const dry = await collection.defrag({ dryRun: true });
      expectSame(dry.revision, undefined, "revision of a dry run");
      const report = await collection.defrag({ labels: ["Brussels"], note: { author: "Ada" } });
      expectSame(report.series, dry.series, "series");
      const joined = dry.series.length > 0;
      expectSame([dry.bytes > 0, report.bytes > 0, dry.replaced.bytes], [joined, joined, dry.bytes], "bytes");
      expectSame(report.replaced, dry.replaced, "replaced");
      expectSame((await series.read()).get("value"), before.get("value"), "rows");
      const log = await collection.log({ details: true });
      if (report.series.length > 0) expectSame(log.at(-1)?.note, { author: "Ada" }, "note");
      const nothing = { segments: 0, chunks: 0, bytes: 0 };
      expectSame(
        await collection.defrag(),
        { series: [], bytes: 0, replaced: nothing, revision: undefined },
        "a second time",
      );
      await expectError(collection.defrag({ labels: ["nowhere"] }), "not-found", /nowhere/);
    },
  },
  {
    name: "collections: renamed, cloned with another schema, deleted",
    async run(entryPoint) {
      const { repo, collection, series } = await worked(entryPoint);
      const renaming = { label: "weather", to: "temperature", revision: undefined };
      expectSame(await repo.rename("weather", " temperature ", { dryRun: true }), renaming, "renaming, dry");
      expectSame(await repo.ls(), ["weather"], "after a dry run");
      const { revision, ...renamed } = await repo.rename("weather", "temperature");
      expectSame([{ ...renamed, revision: undefined }, revision?.length], [renaming, 52], "renaming");
      expectSame(
        await repo.rename("temperature", "temperature"),
        {
          label: "temperature",
          to: "temperature",
          revision: undefined,
        },
        "to itself",
      );
      expectSame(await repo.ls(), ["temperature"], "renamed");
      expectSame((await series.read()).length, 2_004, "the handle goes on");
      const schema = new entryPoint.Schema({ timestamp: "timestamp*", celsius: "float", flag: "i2" });
      const how = { schema, rename: { value: "celsius" }, defaults: { flag: 7 } };
      const plan = await repo.clone("temperature", "copy", { ...how, dryRun: true });
      const { shared, bytes, segments, ...rest } = plan;
      const wanted = { label: "temperature", to: "copy", series: 2, added: ["flag"], omitted: [] };
      expectSame(rest, wanted, "a clone, dry");
      expectSame(
        [segments > 1, bytes > 0, shared.chunks > 3, shared.bytes > 10_000],
        [true, true, true, true],
        "sizes",
      );
      const fewer = new entryPoint.Schema({ timestamp: "timestamp*" });
      const less = await repo.clone("temperature", "copy", { schema: fewer, dryRun: true });
      expectSame([less.omitted, less.added, less.bytes], [["value"], [], 0], "fewer columns");
      expectSame(less.shared.bytes < shared.bytes, true, "fewer bytes");
      for (const dryRun of [true, false]) {
        const clone = (options: CloneOptions, to = "copy") =>
          repo.clone("temperature", to, { ...options, dryRun });
        await expectError(
          clone({ schema: new entryPoint.Schema({ t: "timestamp*" }) }),
          "invalid-schema",
          /t/,
        );
        await expectError(clone({ ...how, defaults: { flag: "seven" } }), "invalid-frame", /flag/);
        await expectError(clone({ ...how, defaults: { flags: 7 } }), "invalid-argument", /flags/);
        await expectError(clone({ rename: { values: "celsius" } }), "invalid-argument", /values/);
        await expectError(clone({}, "temperature"), "exists", /temperature/);
        await expectError(repo.clone("nowhere", "copy", { dryRun }), "not-found", /nowhere/);
        await expectError(repo.rename("nowhere", "x", { dryRun }), "not-found", /nowhere/);
      }
      for (const [codec, code] of [
        ["snappy", "unsupported-codec"],
        ["shuffle", "invalid-schema"],
      ] as const) {
        const types: Record<string, string> = {
          timestamp: "timestamp*",
          value: "float",
          flag: `float | ${codec}`,
        };
        const schema = new entryPoint.Schema(types);
        await expectError(repo.createCollection(schema, "wrong"), code, /Column "flag"/);
        await expectError(repo.clone("temperature", "wrong", { schema }), code, /Column "flag"/);
      }
      expectSame(await repo.ls(), ["temperature"], "nothing was cloned yet");
      const clone = await repo.clone("temperature", "copy", how);
      expectSame(
        clone.schema.columns.map(({ name }) => name),
        ["timestamp", "celsius", "flag"],
        "columns",
      );
      const tail = await clone.series("Brussels").tail(1);
      expectSame(
        [tail.get("celsius"), tail.get("flag")],
        [new Float64Array([4]), new Int16Array([7])],
        "last row",
      );
      await expectError(repo.clone("temperature", "copy"), "exists", /copy/);
      for (const dryRun of [true, false])
        await expectError(repo.rename("copy", "temperature", { dryRun }), "exists", /temperature/);
      const dry = await repo.delete("temperature", { dryRun: true });
      expectSame(await repo.ls(), ["copy", "temperature"], "after a dry run");
      expectSame(await repo.delete("temperature"), dry, "report");
      expectSame([dry.revisions, dry.bytes > 0], [4, true], "what went");
      expectSame(await repo.ls(), ["copy"], "deleted");
      await expectError(repo.delete("temperature"), "not-found", /temperature/);
      expectSame(collection.label, "weather", "label of the old handle");
    },
  },
  {
    name: "pin and send: have nothing to do on a local store",
    async run(entryPoint) {
      const { repo, collection } = await worked(entryPoint);
      const report = await collection.pin({ series: "Brussels" });
      expectSame([report.series, report.files > 2], [1, true], "report");
      expectSame(await collection.pinned(), [], "nothing needs a pin");
      await collection.unpin("Brussels");
      await expectError(collection.pin({ series: ["Brussels", "nowhere"] }), "not-found", /nowhere/);
      expectSame(await repo.send(), { sent: 0, waiting: 0, conflicts: [] }, "nothing waits");
      const { online, waiting, pinned, staleSince } = await repo.status();
      expectSame([online, waiting, pinned, staleSince], [true, 0, 0, undefined], "status");
    },
  },
  {
    name: "forget: closes the repo, and has nothing to remove where nothing is cached",
    async run(entryPoint) {
      const { repo, collection } = await weather(entryPoint);
      await expectError(repo.forget({ signal: AbortSignal.abort() }), "aborted");
      expectSame(await repo.ls(), ["weather"], "collections after that");
      const reading = collection.series("Brussels").read();
      expectSame(await repo.forget({ discardPending: true }), undefined, "result");
      await reading.catch(() => undefined);
      await expectError(repo.ls(), "closed");
      await expectError(collection.series("Brussels").write(minutes(1)), "closed");
      await expectError(repo.forget(), "closed");
    },
  },
  {
    name: "pull and push: reports, and invalid addresses",
    async run(entryPoint) {
      const { repo } = await worked(entryPoint);
      expectSame(await repo.pull("memory://"), { collections: [] }, "nothing to pull");
      const { collections } = await repo.push("memory://", { labels: ["weather"] });
      expectSame(
        collections.map(({ label, revisions, chunks, bytes }) => [
          label,
          revisions,
          chunks > 0,
          bytes > 1_000,
        ]),
        [["weather", 4, true, true]],
        "pushed",
      );
      await expectError(repo.pull("memory://", { labels: ["nowhere"] }), "not-found", /nowhere/);
      await expectError(repo.push("memory://", { signal: AbortSignal.abort() }), "aborted");
      await expectError(repo.push("ftp://host"), "unsupported", /ftp/);
    },
  },
];
