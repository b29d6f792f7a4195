import type { GcProgress, VerifyProgress } from "../../src/model/api/maintenance.ts";
import type { CloneOptions } from "../../src/model/api/repo.ts";
import type { Case } from "./conformance.ts";
import { type Door, fails, minutes, same, weather } from "./tools.ts";

const HOUR = 3_600_000;
const future = () => Date.now() + HOUR;

/** Rows that are too irregular for a commit to hold. */
function long(seed: number) {
  const timestamp = Float64Array.from(
    { length: 2_000 },
    (_, row) => 1000 * (row * 1_000 + ((row * 7_919 + seed) % 991)),
  );
  return { timestamp, value: timestamp.map((at) => Math.sin(at + seed)) };
}

/** Two series, the first one with a history of several writes. */
async function worked(door: Door) {
  const { repo, collection } = await weather(door);
  const series = collection.series("Brussels");
  await series.write(long(1));
  await series.write({ ...minutes(3, 2_000), value: [1, 2, 3] });
  await series.write({ ...minutes(1, 2_003), value: [4] });
  await collection.series("Ghent").write(long(2));
  return { repo, collection, series };
}

export const cases: readonly Case[] = [
  {
    name: "trim: forgets what is old, after a dry run that does not",
    async run(door) {
      const { collection, series } = await worked(door);
      const log = await collection.log();
      const dry = await collection.trim({ before: log[2]!, dryRun: true });
      same((await collection.log()).length, 4, "revisions after a dry run");
      same(await collection.trim({ before: log[2]! }), dry, "report");
      same(
        dry.removed,
        log.slice(0, 2).map(({ id }) => id),
        "forgotten",
      );
      same(dry.bytes > 0, true, "bytes");
      same((await collection.log()).length, 2, "revisions");
      same((await series.read()).length, 2_004, "rows");
      await fails(collection.trim({ signal: AbortSignal.abort() }), "aborted");
    },
  },
  {
    name: "gc: sets aside, then deletes, and says how far it is",
    async run(door) {
      const { repo, collection } = await worked(door);
      await collection.drop("Ghent");
      await collection.trim({ before: future() });
      const dry = await repo.gc({ dryRun: true });
      const seen: GcProgress[] = [];
      const onProgress = (progress: GcProgress) => {
        seen.push(progress);
      };
      const first = await repo.gc({ onProgress });
      same(first, dry, "report");
      same(first.setAside.files > 0 && first.setAside.bytes > 0, true, "set aside");
      same(seen.at(-1), { done: first.setAside.files, total: first.setAside.files }, "progress");
      const second = await repo.gc({ grace: -1 });
      same([second.deleted, second.setAside.files], [first.setAside, 0], "the second time");
      same(await collection.ls(), ["Brussels"], "series");
      await fails(repo.gc({ signal: AbortSignal.abort() }), "aborted");
    },
  },
  {
    name: "verify: reads all revisions and their chunks, says how far it is, and finds nothing",
    async run(door) {
      const { repo } = await worked(door);
      const seen: VerifyProgress[] = [];
      const report = await repo.verify({
        onProgress: (progress) => {
          seen.push(progress);
        },
      });
      same([report.collections, report.revisions, report.unchecked], [1, 5, 0], "collections, revisions");
      same(report.problems, [], "problems");
      same([report.chunks > 4, report.bytes > 10_000], [true, true], "chunks, bytes");
      const { files, totalFiles, bytes } = seen.at(-1)!;
      same([files, bytes], [totalFiles, report.bytes], "progress");
      same((await repo.verify({ labels: ["weather"] })).revisions, 5, "of one collection");
      await fails(repo.verify({ labels: ["nowhere"] }), "not-found", /nowhere/);
      await fails(repo.verify({ signal: AbortSignal.abort() }), "aborted");
    },
  },
  {
    name: "defrag: fewer segments, the same rows, with a note",
    async run(door) {
      const { collection } = await weather(door);
      const series = collection.series("Brussels");
      for (let i = 0; i < 8; i++) await series.write(minutes(5_000, 5_000 * i));
      const before = await series.read();
      const dry = await collection.defrag({ dryRun: true });
      same(dry.revision, undefined, "revision of a dry run");
      const report = await collection.defrag({ labels: ["Brussels"], note: { author: "Ada" } });
      same(report.series, dry.series, "series");
      const joined = dry.series.length > 0;
      same([dry.bytes > 0, report.bytes > 0, dry.replaced.bytes], [joined, joined, dry.bytes], "bytes");
      same(report.replaced, dry.replaced, "replaced");
      same((await series.read()).get("value"), before.get("value"), "rows");
      const log = await collection.log({ details: true });
      if (report.series.length > 0) same(log.at(-1)?.note, { author: "Ada" }, "note");
      const nothing = { segments: 0, chunks: 0, bytes: 0 };
      same(
        await collection.defrag(),
        { series: [], bytes: 0, replaced: nothing, revision: undefined },
        "a second time",
      );
      await fails(collection.defrag({ labels: ["nowhere"] }), "not-found", /nowhere/);
    },
  },
  {
    name: "collections: renamed, cloned with another schema, deleted",
    async run(door) {
      const { repo, collection, series } = await worked(door);
      const renaming = { label: "weather", to: "temperature", revision: undefined };
      same(await repo.rename("weather", " temperature ", { dryRun: true }), renaming, "renaming, dry");
      same(await repo.ls(), ["weather"], "after a dry run");
      const { revision, ...renamed } = await repo.rename("weather", "temperature");
      same([{ ...renamed, revision: undefined }, revision?.length], [renaming, 52], "renaming");
      same(
        await repo.rename("temperature", "temperature"),
        {
          label: "temperature",
          to: "temperature",
          revision: undefined,
        },
        "to itself",
      );
      same(await repo.ls(), ["temperature"], "renamed");
      same((await series.read()).length, 2_004, "the handle goes on");
      const schema = new door.Schema({ timestamp: "timestamp*", celsius: "float", flag: "i2" });
      const how = { schema, rename: { value: "celsius" }, defaults: { flag: 7 } };
      const plan = await repo.clone("temperature", "copy", { ...how, dryRun: true });
      const { shared, bytes, segments, ...rest } = plan;
      const wanted = { label: "temperature", to: "copy", series: 2, added: ["flag"], omitted: [] };
      same(rest, wanted, "a clone, dry");
      same(
        [segments > 1, bytes > 0, shared.chunks > 3, shared.bytes > 10_000],
        [true, true, true, true],
        "sizes",
      );
      const fewer = new door.Schema({ timestamp: "timestamp*" });
      const less = await repo.clone("temperature", "copy", { schema: fewer, dryRun: true });
      same([less.omitted, less.added, less.bytes], [["value"], [], 0], "fewer columns");
      same(less.shared.bytes < shared.bytes, true, "fewer bytes");
      for (const dryRun of [true, false]) {
        const clone = (options: CloneOptions, to = "copy") =>
          repo.clone("temperature", to, { ...options, dryRun });
        await fails(clone({ schema: new door.Schema({ t: "timestamp*" }) }), "invalid-schema", /t/);
        await fails(clone({ ...how, defaults: { flag: "seven" } }), "invalid-frame", /flag/);
        await fails(clone({ ...how, defaults: { flags: 7 } }), "invalid-argument", /flags/);
        await fails(clone({ rename: { values: "celsius" } }), "invalid-argument", /values/);
        await fails(clone({}, "temperature"), "exists", /temperature/);
        await fails(repo.clone("nowhere", "copy", { dryRun }), "not-found", /nowhere/);
        await fails(repo.rename("nowhere", "x", { dryRun }), "not-found", /nowhere/);
      }
      same(await repo.ls(), ["temperature"], "nothing was cloned yet");
      const clone = await repo.clone("temperature", "copy", how);
      same(
        clone.schema.columns.map(({ name }) => name),
        ["timestamp", "celsius", "flag"],
        "columns",
      );
      const tail = await clone.series("Brussels").tail(1);
      same([tail.get("celsius"), tail.get("flag")], [new Float64Array([4]), new Int16Array([7])], "last row");
      await fails(repo.clone("temperature", "copy"), "exists", /copy/);
      for (const dryRun of [true, false])
        await fails(repo.rename("copy", "temperature", { dryRun }), "exists", /temperature/);
      const dry = await repo.delete("temperature", { dryRun: true });
      same(await repo.ls(), ["copy", "temperature"], "after a dry run");
      same(await repo.delete("temperature"), dry, "report");
      same([dry.revisions, dry.bytes > 0], [4, true], "what went");
      same(await repo.ls(), ["copy"], "deleted");
      await fails(repo.delete("temperature"), "not-found", /temperature/);
      same(collection.label, "weather", "label of the old handle");
    },
  },
  {
    name: "pins, and sending, where all is near anyway",
    async run(door) {
      const { repo, collection } = await worked(door);
      const report = await collection.pin({ series: "Brussels" });
      same([report.series, report.files > 2], [1, true], "report");
      same(await collection.pinned(), [], "nothing needs a pin");
      await collection.unpin("Brussels");
      await fails(collection.pin({ series: ["Brussels", "nowhere"] }), "not-found", /nowhere/);
      same(await repo.send(), { sent: 0, waiting: 0, conflicts: [] }, "nothing waits");
      const { online, waiting, pinned, staleSince } = await repo.status();
      same([online, waiting, pinned, staleSince], [true, 0, 0, undefined], "status");
    },
  },
  {
    name: "pull and push: reports, and what cannot be",
    async run(door) {
      const { repo } = await worked(door);
      same(await repo.pull("memory://"), { collections: [] }, "nothing to pull");
      const { collections } = await repo.push("memory://", { labels: ["weather"] });
      same(
        collections.map(({ label, revisions, chunks, bytes }) => [
          label,
          revisions,
          chunks > 0,
          bytes > 1_000,
        ]),
        [["weather", 4, true, true]],
        "pushed",
      );
      await fails(repo.pull("memory://", { labels: ["nowhere"] }), "not-found", /nowhere/);
      await fails(repo.push("memory://", { signal: AbortSignal.abort() }), "aborted");
      await fails(repo.push("ftp://host"), "unsupported", /ftp/);
    },
  },
];
