/** Arquero works on the typed arrays of a frame without a copy. */
import * as aq from "arquero";
import { openRepo, Schema } from "lakota/node";
import { inFolder } from "./folder.ts";

await inFolder(async (folder) => {
  const repo = await openRepo(folder);
  const schema = new Schema({ time: "timestamp*", value: "float" });
  const series = (await repo.createCollection(schema, "weather")).series("Brussels");
  const hours = Array.from({ length: 72 }, (_, hour) => hour);
  await series.write({
    time: hours.map((hour) => Date.UTC(2026, 2, 1, hour)),
    value: hours.map((hour) => 5 + hour / 24 - 4 * Math.cos((hour / 12) * Math.PI)),
  });

  const frame = await series.read({ numbers: true });
  const table = aq.table(frame.columns.map((name) => [name, frame.get(name)] as const));
  console.log("memory is shared:", table.column("value") === frame.get("value"));

  const days = table.groupby({ day: (row: { time: number }) => aq.op.utcdate(row.time) }).rollup({
    low: (row: { value: number }) => aq.op.min(row.value),
    mean: (row: { value: number }) => aq.op.mean(row.value),
  });
  for (const { day, low, mean } of days.objects() as { day: number; low: number; mean: number }[]) {
    console.log(`2026-03-0${day}: lowest ${low.toFixed(2)}, mean ${mean.toFixed(2)}`);
  }
  repo.close();
});

// Prints:
// memory is shared: true
// 2026-03-01: lowest 1.00, mean 5.48
// 2026-03-02: lowest 2.00, mean 6.48
// 2026-03-03: lowest 3.00, mean 7.48
