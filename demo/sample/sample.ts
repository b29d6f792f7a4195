import { type Repo, Schema } from "lakota";
import { openRepo } from "../connection/connect.ts";
import { SAMPLE_SETTINGS } from "../connection/settings.ts";
import { power, weather } from "./sample-data.ts";

const GENERATED = "Generated in this browser, not measured.";

/** Writes the sample repository, which is in the browser's own storage, unless it is there already. */
export async function writeSample(): Promise<void> {
  const repo = await openRepo(SAMPLE_SETTINGS);
  try {
    const labels = await repo.ls();
    if (!labels.includes("weather")) await writeWeather(repo);
    if (!labels.includes("building")) await writeBuilding(repo);
  } finally {
    repo.close();
  }
}

async function writeWeather(repo: Repo): Promise<void> {
  const schema = new Schema({ time: "timestamp*", temperature: "float", wind: "float" });
  const collection = await repo.createCollection(schema, "weather");
  await collection.batch(
    async (batch) => {
      await batch.series("coast").write(weather(1, 11, 6));
      await batch.series("valley").write(weather(2, 10, 10));
      await batch.series("mountain").write(weather(3, 1, 9));
    },
    { note: { message: "Add three stations" } },
  );
  await collection.describe({
    description: "Weather at three stations, hour by hour.",
    source: GENERATED,
    columns: { temperature: { unit: "°C" }, wind: { unit: "m/s" } },
    series: {
      coast: { title: "On the coast", tags: ["lowland"] },
      valley: { title: "In the valley", tags: ["lowland"] },
      mountain: { title: "On the mountain", tags: ["alpine"] },
    },
  });
}

async function writeBuilding(repo: Repo): Promise<void> {
  const schema = new Schema({ time: "timestamp*", solar: "float", use: "float" });
  const collection = await repo.createCollection(schema, "building");
  await collection.series("office").write(power(4), { note: { message: "Add the office" } });
  await collection.describe({
    description: "Electric power that a building produces and uses, each quarter of an hour.",
    source: GENERATED,
    columns: { solar: { title: "Solar production", unit: "kW" }, use: { title: "Use", unit: "kW" } },
  });
}
