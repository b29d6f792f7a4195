import type { Change } from "../../src/model/api/history.ts";
import type { Case } from "./conformance.ts";
import { expectError, expectSame, minutes, START, weather } from "./helpers.ts";

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const at = (row: number) => new Date((START + 60 * row) * 1000);
const seconds = (row: number) => BigInt(START + 60 * row);

export const cases: readonly Case[] = [
  {
    name: "log: notes, rows, bytes and limit",
    async run(entryPoint) {
      const { collection } = await weather(entryPoint);
      const note = { author: "Ada", message: "first rows" };
      await collection.series("s").write(minutes(3), { note });
      await collection.series("s").write(minutes(2, 3));
      const [first, second] = await collection.log({ details: true });
      expectSame([first?.note, first?.rows, second?.note, second?.rows], [note, 3, undefined, 2], "details");
      expectSame(
        (first?.bytes ?? 0) > 0 && first?.head === false && second?.head === true,
        true,
        "bytes, heads",
      );
      expectSame(second?.parents, [first?.id], "parents");
      const last = await collection.log({ limit: 1 });
      expectSame(
        last.map(({ id }) => id),
        [second?.id],
        "limit",
      );
      const odd = { message: 1 as unknown as string };
      await expectError(
        collection.series("s").write(minutes(1, 9), { note: odd }),
        "invalid-argument",
        /message/,
      );
    },
  },
  {
    name: "diff: added, changed and removed rows, although compaction rewrote others",
    async run(entryPoint) {
      const { collection } = await weather(entryPoint);
      const series = collection.series("s");
      await series.write(minutes(10));
      await collection.series("gone").write(minutes(2));
      const [, from] = await collection.log();
      await series.write(minutes(10, 10)); // compacted with the ten before
      await series.write({ timestamp: [at(4)], value: [-1] });
      await series.delete({ keys: [at(7)] });
      await collection.drop("gone");
      const to = (await collection.log()).at(-1)!;
      const changes = await collection.diff(from!, to);
      const told = changes.map(({ label, kind, start, stop, closed }) => [
        label,
        kind,
        ...start,
        ...stop,
        closed,
      ]);
      expectSame(
        told,
        [
          ["gone", "removed", seconds(0), seconds(1), "both"],
          ["s", "changed", seconds(4), seconds(4), "both"],
          ["s", "removed", seconds(7), seconds(7), "both"],
          ["s", "added", seconds(10), seconds(19), "both"],
        ],
        "changes",
      );
      const rows = await collection.diff(from!.id, to.id, { rows: true, labels: ["s"] });
      const values = rows.map(({ rows }) =>
        [rows?.removed.numbers("value"), rows?.added.numbers("value")].map((x) => [...x!]),
      );
      expectSame(
        values.slice(0, 2),
        [
          [[4.5], [-1]],
          [[7.5], []],
        ],
        "rows",
      );
      expectSame(values[2]?.[1], [...minutes(10, 10).value], "rows added");
      expectSame(
        (await collection.diff(to, from!)).map(({ kind }) => kind),
        ["added", "changed", "added", "removed"],
        "back",
      );
      await expectError(collection.diff("1a20acad92f", to), "not-found");
    },
  },
  {
    name: "revert: restores an earlier state as a new revision",
    async run(entryPoint) {
      const { collection } = await weather(entryPoint);
      const series = collection.series("s");
      await series.write(minutes(3));
      await series.write(minutes(3, 3));
      await collection.series("t").write(minutes(1));
      const log = await collection.log();
      const reverted = await collection.revert(log[0]!, { note: { message: "back" } });
      const { id } = (await collection.log()).at(-1)!;
      expectSame(reverted, { revision: id, rows: 0 }, "what it returns");
      expectSame([...(await series.read()).numbers("value")], [0.5, 1.5, 2.5], "rows");
      expectSame([await collection.ls(), (await collection.log()).length], [["s"], 4], "labels, revisions");
      expectSame(await collection.revert(log[0]!), undefined, "what it returns where nothing changed");
      expectSame((await collection.log()).length, 4, "reverting to what is there makes no revision");
      await collection.revert(log[2]!.id);
      expectSame([await series.length(), await collection.ls()], [6, ["s", "t"]], "forth");
      await expectError(collection.revert("nothing"), "not-found");
    },
  },
  {
    name: "merge: does nothing if there is one head",
    async run(entryPoint) {
      const { collection } = await weather(entryPoint);
      await collection.series("s").write(minutes(1));
      const [only] = await collection.log();
      expectSame(await collection.merge(), { heads: [only?.id], conflicts: [] }, "report");
    },
  },
  {
    name: "defrag: few long segments, same rows, earlier states unchanged",
    async run(entryPoint) {
      const { collection } = await weather(entryPoint);
      const series = collection.series("s");
      await series.write(minutes(2_000));
      for (let i = 0; i < 6; i++) await series.write({ timestamp: [at(300 * i)], value: [-1] });
      const before = [...(await series.read()).numbers("value")];
      const dry = await collection.defrag({ dryRun: true });
      const done = await collection.defrag();
      expectSame(done.series, dry.series, "what was done is what was said");
      expectSame([...(await series.read()).numbers("value")], before, "rows");
      expectSame((await collection.defrag()).series, [], "nothing more to do");
      const [first] = await collection.log();
      const later = (await collection.log())[1]!;
      expectSame(
        [...(await series.read({ before: later })).numbers("value")],
        [...minutes(2_000).value],
        first!.id,
      );
    },
  },
  {
    name: "watch: reports changes until it is stopped",
    async run(entryPoint) {
      const { collection } = await weather(entryPoint);
      await collection.series("other").write(minutes(1));
      const heard: Change[] = [];
      let wake = () => {};
      const next = () => new Promise<void>((resolve) => (wake = resolve));
      const listen = (change: Change) => {
        heard.push(change);
        wake();
      };
      const first = next();
      const stop = collection.series("s").watch(listen, { every: 1 });
      // The watch may begin before or after the first of these writes: it is notified of a later one.
      let row = 0;
      while (heard.length === 0) {
        await collection.series("other").write(minutes(1, row));
        await collection.series("s").write(minutes(1, row++));
        await Promise.race([first, collection.refresh()]);
      }
      const ranges = heard[0]!.ranges;
      expectSame([...new Set(ranges.map(({ label, kind }) => `${label} ${kind}`))], ["s added"], "ranges");
      expectSame(heard[0]!.revisions.length > 0, true, "revisions");
      stop();
      const count = heard.length;
      await collection.series("s").write(minutes(1, 5_000));
      await collection.log();
      expectSame(heard.length, count, "nothing is heard after the end");
    },
  },
  {
    name: "watch: iterates over changes, in the forms in which one reads, until it is left",
    async run(entryPoint) {
      const { collection } = await weather(entryPoint);
      const series = collection.series("s");
      const since = [(await collection.series("other").write(minutes(1)))!.revision];
      const options = { every: 1, since, numbers: true };
      const heard: unknown[] = [];
      await series.write(minutes(2));
      for await (const { ranges, revisions } of series.watch(options)) {
        for (const { label, start, stop, closed } of ranges) {
          heard.push(label, revisions.length, start, stop);
          const frame = await series.read({ start, stop, closed, numbers: true });
          heard.push([...frame.numbers("timestamp")]);
        }
        if (heard.length >= 10) break;
        // What happens while the caller is busy becomes one change.
        await series.write(minutes(1, 2));
        await series.write(minutes(1, 3));
      }
      const time = (minute: number) => (START + 60 * minute) * 1000;
      expectSame(
        heard,
        [
          ...["s", 1, [time(0)], [time(1)], [time(0), time(1)]],
          ...["s", 2, [time(2)], [time(2)], [time(2)]],
          ...["s", 2, [time(3)], [time(3)], [time(3)]],
        ],
        "changes",
      );
      for await (const { ranges } of collection.watch({ every: 1, since })) {
        expectSame(ranges[0]?.start, [BigInt(START)], "exact by default");
        break;
      }
    },
  },
  {
    name: "watch: an iteration has what changed between the call and its first step",
    async run(entryPoint) {
      const { collection } = await weather(entryPoint);
      const series = collection.series("s");
      for (const [row, watched] of [collection, series].entries()) {
        const watching = watched.watch({ every: 1 });
        await wait(100); // for the listing that it begins with
        const { revision } = (await series.write(minutes(1, row)))!;
        await wait(20);
        const { value } = await watching.next();
        expectSame(value!.revisions.at(-1)?.id, revision, "the change");
        await watching.return!();
      }
    },
  },
  {
    name: "watch: an iteration ends by return() while it waits, by its signal, and with the repo",
    async run(entryPoint) {
      const { repo, collection } = await weather(entryPoint);
      const watching = collection.series("none yet").watch({ every: 10_000 });
      const waiting = watching.next();
      expectSame(await watching.return!(), { value: undefined, done: true }, "returned");
      expectSame(await waiting, { value: undefined, done: true }, "the change that was awaited");
      expectSame((await watching.next()).done, true, "ended");

      const ending = new AbortController();
      const aborted = collection.watch({ every: 10_000, signal: ending.signal }).next();
      ending.abort();
      await expectError(aborted, "aborted");
      await expectError(collection.watch({ signal: ending.signal }).next(), "aborted");
      await expectError(collection.watch({ every: -1 }).next(), "invalid-argument", /every/);

      const closed = collection.watch({ every: 10_000 }).next();
      await collection.ls();
      repo.close();
      await expectError(closed, "closed");
      await expectError(collection.watch().next(), "closed");
    },
  },
  {
    name: "watch: reports all changes since a revision",
    async run(entryPoint) {
      const { collection } = await weather(entryPoint);
      const since = (await collection.log()).filter(({ head }) => head);
      await collection.series("s").write(minutes(3, 7_000));
      const change = await new Promise<Change>((resolve, reject) => {
        const stop = collection.watch(
          (news) => {
            stop();
            resolve(news);
          },
          { since, every: 1, onError: reject },
        );
      });
      expectSame(
        change.ranges.map(({ label, kind }) => `${label} ${kind}`),
        ["s added"],
        "ranges",
      );
      expectSame(change.revisions.length, 1, "revisions");
    },
  },
];
