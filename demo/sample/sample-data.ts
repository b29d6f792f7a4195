/** Series of made-up values that look like measurements. They are the same each time. */

const HOUR = 3_600;
const DAY = 24 * HOUR;
/** 2025-01-01, in seconds. */
const START = 1_735_689_600;
const DAYS = 365;

/** Returns a generator of numbers from 0 to 1, always in the same order. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const times = (step: number): BigInt64Array<ArrayBuffer> =>
  BigInt64Array.from({ length: (DAYS * DAY) / step }, (_, i) => BigInt(START + i * step));

/** From -1 in midwinter to 1 in midsummer. */
const season = (seconds: number) => -Math.cos((2 * Math.PI * (seconds / DAY - 15)) / 365);
/** From -1 at night to 1 in the afternoon. */
const hour = (seconds: number) => -Math.cos((2 * Math.PI * (seconds - 3 * HOUR)) / DAY);

/** Hourly temperature and wind at a station. */
export function weather(seed: number, mean: number, amplitude: number) {
  const random = randomNumbers(seed);
  const time = times(HOUR);
  const temperature = new Float64Array(time.length);
  const wind = new Float64Array(time.length);
  let [front, gust] = [0, 0];
  for (let i = 0; i < time.length; i++) {
    const seconds = i * HOUR;
    front = 0.985 * front + (random() - 0.5) * 1.1;
    gust = 0.96 * gust + (random() - 0.5) * 1.2;
    const warmth = mean + amplitude * season(seconds) + (3 + season(seconds)) * hour(seconds);
    temperature[i] = Math.round(10 * (warmth + front + (random() - 0.5))) / 10;
    wind[i] = Math.round(10 * Math.max(0, 4.5 - season(seconds) + gust + random())) / 10;
  }
  return { time, temperature, wind };
}

/** What the panels of a building produce and what it uses, each quarter of an hour. */
export function power(seed: number) {
  const random = randomNumbers(seed);
  const time = times(HOUR / 4);
  const solar = new Float64Array(time.length);
  const use = new Float64Array(time.length);
  let clouds = 0.6;
  for (let i = 0; i < time.length; i++) {
    const seconds = (i * HOUR) / 4;
    clouds = Math.min(1, Math.max(0.08, clouds + (random() - 0.5) * 0.12));
    const height = hour(seconds) + 0.55 * season(seconds) - 0.25;
    solar[i] = Math.round(1000 * Math.max(0, height) * 28 * clouds) / 1000;
    const isWorking = Math.floor(seconds / DAY + 2) % 7 < 5;
    const occupied = Math.max(0, hour(seconds) + 0.3) * (isWorking ? 14 : 4);
    use[i] = Math.round(1000 * (5 + occupied - 2 * season(seconds) + 3 * random())) / 1000;
  }
  return { time, solar, use };
}
