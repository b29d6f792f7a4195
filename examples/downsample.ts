/** A million rows as a few points for a chart. Every extreme is kept. */
import { openRepo, Schema } from "lakota/node";
import { inFolder } from "./folder.ts";

await inFolder(async (folder) => {
  const repo = await openRepo(folder);
  const schema = new Schema({ timestamp: "timestamp*", value: "float" });
  const series = (await repo.createCollection(schema, "c")).series("s");
  const seconds = Float64Array.from({ length: 1_000_000 }, (_, row) => 1_577_836_800_000 + 1_000 * row);
  const value = seconds.map((_, row) => (row === 654_321 ? 99 : Math.sin(row / 50_000)));
  await series.write({ timestamp: seconds, value });

  const width = 800; // pixels
  const { rows, columns } = await series.downsample({ points: 2 * width, method: "minmax" });
  const { x, y } = columns.value!;
  console.log(rows, "rows,", x.length, "points or fewer:", x.length <= 2 * width);
  const spike = x[y.indexOf(99)]!;
  console.log("the spike is at", new Date(spike).toISOString(), spike === seconds[654_321]);

  const mean = await series.downsample({
    start: "2020-01-01",
    stop: "2020-01-02",
    points: 24,
    method: "mean",
  });
  console.log("hours of a day:", mean.columns.value!.y.length);
  repo.close();
});

// Prints:
// 1000000 rows, 1600 points or fewer: true
// the spike is at 2020-01-08T13:45:21.000Z true
// hours of a day: 24
