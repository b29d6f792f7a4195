import { type FrameInput, Schema } from "lakota/node";
import { co2Steps } from "./co2.ts";
import { numberColumn, type Row, readRows, textColumn } from "./csv.ts";
import type { DemoCollection } from "./descriptions.ts";
import { readFlights } from "./flights.ts";
import type { Step } from "./story.ts";
import { temperatureSteps } from "./temperature.ts";

/** The schema of a collection and what to write to it. */
export interface Dataset {
  schema: Schema;
  /** Returns the frames to write as one revision, by series. */
  read?(): Promise<Map<string, FrameInput>>;
  /** Returns the history to write, instead of one revision. */
  story?(): Promise<Step[]>;
}

/** Groups rows by the value of a column, in the order of first occurrence. */
function groupBy(rows: readonly Row[], column: string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = row[column] ?? "";
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}

/** Converts each group to a frame. */
const mapGroups = (groups: Map<string, Row[]>, frame: (rows: Row[]) => FrameInput): Map<string, FrameInput> =>
  new Map([...groups].map(([label, rows]) => [label, frame(rows)]));

/** Parses a date such as "Jan 1 2000", in UTC. */
const parseEnglishDate = (text: string): Date => new Date(`${text} UTC`);

/** Returns a label such as "Mining and logging" for the column "mining_and_logging". */
function sectorLabel(column: string): string {
  const name = column.replaceAll("_", " ").replace("utilties", "utilities");
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** The contents of the demo's repository, by collection. */
export const DATASETS: Readonly<Record<DemoCollection, Dataset>> = {
  co2: {
    schema: new Schema({ date: "date*", co2: "float", adjusted: "float" }),
    story: co2Steps,
  },
  employment: {
    schema: new Schema({ month: "date*", jobs: "float" }),
    async read() {
      const rows = await readRows("us-employment.csv");
      const { month: _, nonfarm_change: __, ...sectors } = rows[0] ?? {};
      const month = textColumn(rows, "month");
      return new Map(
        Object.keys(sectors).map((column) => [
          sectorLabel(column),
          { month, jobs: numberColumn(rows, column) },
        ]),
      );
    },
  },
  flights: {
    schema: new Schema({ timestamp: "timestamp*", delay: "i2", distance: "i2" }),
    async read() {
      return new Map([["United States 2001", { ...(await readFlights()) }]]);
    },
  },
  indices: {
    schema: new Schema({
      date: "date*",
      open: "float",
      high: "float",
      low: "float",
      close: "float",
      volume: "int",
    }),
    async read() {
      const rows = await readRows("sp500-2000.csv");
      const frame = {
        date: textColumn(rows, "date"),
        open: numberColumn(rows, "open"),
        high: numberColumn(rows, "high"),
        low: numberColumn(rows, "low"),
        close: numberColumn(rows, "close"),
        volume: numberColumn(rows, "volume"),
      };
      return new Map([["S&P 500", frame]]);
    },
  },
  stocks: {
    schema: new Schema({ date: "date*", price: "float" }),
    async read() {
      const companies = groupBy(await readRows("stocks.csv"), "symbol");
      return mapGroups(companies, (rows) => ({
        date: textColumn(rows, "date").map(parseEnglishDate),
        price: numberColumn(rows, "price"),
      }));
    },
  },
  temperature: {
    schema: new Schema({ year: "date*", anomaly: "float" }),
    story: temperatureSteps,
  },
  "weather daily": {
    schema: new Schema({
      date: "date*",
      precipitation: "float",
      temp_max: "float",
      temp_min: "float",
      wind: "float",
      weather: "str",
    }),
    async read() {
      const cities = groupBy(await readRows("weather.csv"), "location");
      return mapGroups(cities, (rows) => ({
        date: textColumn(rows, "date"),
        precipitation: numberColumn(rows, "precipitation"),
        temp_max: numberColumn(rows, "temp_max"),
        temp_min: numberColumn(rows, "temp_min"),
        wind: numberColumn(rows, "wind"),
        weather: textColumn(rows, "weather"),
      }));
    },
  },
  "weather hourly": {
    schema: new Schema({ time: "timestamp*", temperature: "float", wind: "float", pressure: "float" }),
    async read() {
      const rows = await readRows("seattle-weather-hourly-normals.csv");
      const frame = {
        time: textColumn(rows, "date"),
        temperature: numberColumn(rows, "temperature"),
        wind: numberColumn(rows, "wind"),
        pressure: numberColumn(rows, "pressure"),
      };
      return new Map([["Seattle", frame]]);
    },
  },
};
