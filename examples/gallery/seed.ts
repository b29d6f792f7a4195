import { type Repo, Schema } from "lakota/node";

const MINUTE = 60_000;
const DAY = 24 * 60;
const DAYS = 731;
/** The data cover 2024 and 2025. */
const START = Date.UTC(2024, 0, 1);

/** Mean of a year in °C, and the amplitudes of seasons, days and weather around it. */
const THERMOMETERS = {
  attic: { mean: 17, year: 9, day: 3.1, weather: 2.1 },
  cellar: { mean: 13, year: 2.2, day: 0.15, weather: 0.4 },
  garden: { mean: 11, year: 8.5, day: 4.5, weather: 3.2 },
  greenhouse: { mean: 16, year: 9.5, day: 7.5, weather: 2.8 },
  roof: { mean: 13, year: 10.5, day: 11, weather: 3.6 },
};
/** An extreme of one minute, which every chart has to show. */
const SPIKE = { label: "garden", row: 537 * DAY + 600, celsius: 47.25 };

/**
 * Writes a row per minute for each thermometer, as one revision, and publishes the index that a web host
 * needs, with overviews for the charts.
 */
export async function seed(repo: Repo): Promise<void> {
  const schema = new Schema({ timestamp: "timestamp*", celsius: "float" });
  const collection = await repo.createCollection(schema, "temperature");
  const timestamp = Float64Array.from({ length: DAYS * DAY }, (_, row) => START + row * MINUTE);
  await collection.batch(async (batch) => {
    for (const [label, climate] of Object.entries(THERMOMETERS)) {
      const celsius = temperatures(climate);
      if (label === SPIKE.label) celsius[SPIKE.row] = SPIKE.celsius;
      await batch.series(label).write({ timestamp, celsius });
    }
  });
  await repo.publish({ overviews: true });
}

/**
 * Returns temperatures with seasons, days that vary more in summer, and weather of a few days, to 0.01 °C.
 */
function temperatures({ mean, year, day, weather }: (typeof THERMOMETERS)["roof"]): Float64Array {
  const random = randomFractions(day);
  let front = 0;
  return Float64Array.from({ length: DAYS * DAY }, (_, row) => {
    front += (random() - 0.5) * 0.09 - front / (2 * DAY);
    const season = -Math.cos((2 * Math.PI * (row / DAY - 20)) / 365.25);
    const hour = -Math.cos((2 * Math.PI * (row / DAY - 3 / 24)) / 1);
    const celsius = mean + year * season + day * (0.65 + 0.35 * season) * hour + weather * front;
    return Math.round(100 * (celsius + 0.1 * (random() - 0.5))) / 100;
  });
}

/** Returns a linear congruential generator, so that the data are the same every time. */
function randomFractions(seed: number): () => number {
  let state = Math.round(1e6 * seed);
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
