/** Filters and aggregates: rows that match a condition, and one row per day, hour or station. */
import { openRepo, Schema } from "lakota/node";
import { and, col, count, floor, ge, hour, lt, max, mean, min, quantile, reduce, sub } from "lakota/query";
import { inFolder } from "./folder.ts";

await inFolder(async (folder) => {
  const repo = await openRepo(folder);
  const schema = new Schema({ timestamp: "timestamp*", station: "str*", value: "float" });
  const series = (await repo.createCollection(schema, "temperature")).series("all");

  // Two stations, every hour of a week in which summer time ends in Brussels. Ghent lacks some values.
  const rows = Array.from({ length: 2 * 24 * 7 }, (_, i) => ({
    hour: i >> 1,
    station: i % 2 ? "Uccle" : "Ghent",
  }));
  await series.write({
    timestamp: rows.map((row) => Date.UTC(2026, 9, 21, row.hour)),
    station: rows.map((row) => row.station),
    value: rows.map((row) =>
      row.station === "Ghent" && row.hour % 50 === 0 ? Number.NaN : 10 + (row.hour % 24) / 2,
    ),
  });

  const warm = await series.read({ where: and(ge(col("value"), 21), lt(col("timestamp"), "2026-10-22")) });
  console.log("warm:", warm.length, "rows at", warm.get("station"));
  const newest = await series.tail(2, { where: 'station = "Ghent"', columns: ["value"] });
  console.log("newest of Ghent:", ...newest.numbers("value"));

  const days = await series.reduce({
    columns: {
      day: floor(col("timestamp"), "day", "Europe/Brussels"),
      rows: count(),
      spread: sub(max(col("value")), min(col("value"))),
      mean: mean(col("value")),
    },
    start: "2026-10-23T22:00Z",
    stop: "2026-10-26T23:00Z",
    numbers: true,
  });
  for (let i = 0; i < days.length; i++) {
    const [day, count] = [days.numbers("day")[i]!, days.numbers("rows")[i]];
    console.log(new Date(day).toISOString(), count, "rows, spread", days.numbers("spread")[i]);
  }

  // The text notation is that of Python. A result can be reduced further.
  const hours = await series.reduce({
    columns: { hour: hour(col("timestamp")), station: "station", median: "quantile(value, 0.5)" },
    where: "(< (hour self.timestamp) 3)", // as in Python Lakota
  });
  console.log("median by hour:", ...hours.numbers("median"));
  const top = reduce(hours, {
    station: "station",
    top: max(col("median")),
    q: quantile(col("median"), 0.9, "lower"),
  });
  console.log(top.get("station"), ...top.numbers("top"));

  await series.reduce({ columns: { x: "mean(station)" } }).catch((error) => console.log(error.message));
  repo.close();
});

// Prints:
// warm: 4 rows at [ 'Ghent', 'Uccle', 'Ghent', 'Uccle' ]
// newest of Ghent: 21 21.5
// 2026-10-23T22:00:00.000Z 48 rows, spread 11.5
// 2026-10-24T22:00:00.000Z 50 rows, spread 11.5
// 2026-10-25T23:00:00.000Z 48 rows, spread 11.5
// median by hour: 10 10 10.5 10.5 11 11
// [ 'Ghent', 'Uccle' ] 11 11
// In mean(station): it takes numbers; station is <U0.
