import { expect, test } from "vitest";
import { OVERVIEWS_FOLDER } from "../../src/model/overview-path.ts";
import { NUMBERS, numbers } from "./expected-history.ts";
import { describeOnEachStorage } from "./fixtures.ts";
import { expectFrame, frameOf } from "./frames.ts";

describeOnEachStorage((newRepo) => {
  test("Python reads, writes, defragments and collects beside overviews, and leaves them alone", async () => {
    const { location, python, javascript } = newRepo();
    await javascript.create("c", NUMBERS);
    const rows = numbers(0, 70_000);
    await javascript.write("c", "s", rows);
    const repo = await location.open();
    expect((await repo.publish({ overviews: true })).overviews).toMatchObject({ files: 1, failed: 0 });
    const overviews = () => location.store().list(OVERVIEWS_FOLDER);
    const before = await overviews();

    expect(await python.collections()).toEqual(["c"]);
    expectFrame(await python.read("c", "s"), frameOf(NUMBERS, rows), "Python", "s");
    await python.write("c", "s", numbers(80_000, 80_010));
    await python.gc(0);
    await python.gc(0);
    expect(await overviews()).toEqual(before);

    // The new rows are shown, and the next write of ours makes what is missing.
    const series = (await repo.collection("c")).series("s");
    const { rows: drawn, columns } = await series.downsample({ points: 40 });
    expect([drawn, columns.v!.y.at(-1)]).toEqual([70_010, 80_009]);
    await python.write("c", "s", numbers(100_000, 120_000));
    await javascript.write("c", "s", numbers(130_000, 130_001));
    expect((await repo.publish({ overviews: true })).overviews?.files).toBe(1);
    expect(await repo.verify()).toMatchObject({ problems: [] });
    repo.close();
  });
});
