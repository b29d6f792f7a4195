import { type FrameInput, type Note, Schema } from "lakota/node";
import type { SOURCES } from "../sources.ts";
import { numbers, type Row, readCsv, texts } from "./csv.ts";
import { readFlights } from "./flights.ts";

/** Series by label, written as one revision. */
export interface Import {
  note: Note;
  frames: Map<string, FrameInput>;
}

/** One collection of the demo: its schema, and the revisions that fill it. */
export interface Dataset {
  schema: Schema;
  /** How many that are. Default: 1. */
  revisions?: number;
  read(): Promise<Import[]>;
}

/** All that there is, in one revision. */
const atOnce = (frames: Map<string, FrameInput>): Import[] => [{ note: { message: "Import" }, frames }];

/** Years after which the CO2 record was, for the demo, written to the repository: so that it has a history to look at. */
const CO2_CHAPTERS = [1975, 1990, 2005, 9999];

/** Rows of each value of a column, in the order of first sight. */
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

/** A frame for each group. */
const mapGroups = (groups: Map<string, Row[]>, frame: (rows: Row[]) => FrameInput): Map<string, FrameInput> =>
  new Map([...groups].map(([label, rows]) => [label, frame(rows)]));

/** "Jan 1 2000" as a UTC day. */
const englishDay = (text: string): Date => new Date(`${text} UTC`);

/** "mining_and_logging" as a label. */
function sectorLabel(column: string): string {
  const words = column.replaceAll("_", " ").replace("utilties", "utilities");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What is written to the repository, by collection. */
export const DATASETS: Readonly<Record<keyof typeof SOURCES, Dataset>> = {
  co2: {
    schema: new Schema({ date: "date*", co2: "float", adjusted: "float" }),
    revisions: CO2_CHAPTERS.length,
    async read() {
      const all = await readCsv("co2-concentration.csv");
      const yearOf = (row: Row) => Number(row.Date?.slice(0, 4));
      return CO2_CHAPTERS.map((until, i) => {
        const rows = all.filter((row) => yearOf(row) < until && yearOf(row) >= (CO2_CHAPTERS[i - 1] ?? 0));
        const frame = {
          date: texts(rows, "Date"),
          co2: numbers(rows, "CO2"),
          adjusted: numbers(rows, "adjusted CO2"),
        };
        const message = `From ${rows[0]?.Date} to ${rows.at(-1)?.Date}`;
        return { note: { message }, frames: new Map([["Mauna Loa", frame]]) };
      });
    },
  },
  employment: {
    schema: new Schema({ month: "date*", jobs: "float" }),
    async read() {
      const rows = await readCsv("us-employment.csv");
      const { month: _, nonfarm_change: __, ...sectors } = rows[0] ?? {};
      const month = texts(rows, "month");
      return atOnce(
        new Map(
          Object.keys(sectors).map((column) => [sectorLabel(column), { month, jobs: numbers(rows, column) }]),
        ),
      );
    },
  },
  flights: {
    schema: new Schema({ timestamp: "timestamp*", delay: "i2", distance: "i2" }),
    async read() {
      return atOnce(new Map([["United States 2001", { ...(await readFlights()) }]]));
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
      const rows = await readCsv("sp500-2000.csv");
      const frame = {
        date: texts(rows, "date"),
        open: numbers(rows, "open"),
        high: numbers(rows, "high"),
        low: numbers(rows, "low"),
        close: numbers(rows, "close"),
        volume: numbers(rows, "volume"),
      };
      return atOnce(new Map([["S&P 500", frame]]));
    },
  },
  stocks: {
    schema: new Schema({ date: "date*", price: "float" }),
    async read() {
      const companies = groupBy(await readCsv("stocks.csv"), "symbol");
      return atOnce(
        mapGroups(companies, (rows) => ({
          date: texts(rows, "date").map(englishDay),
          price: numbers(rows, "price"),
        })),
      );
    },
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
      const cities = groupBy(await readCsv("weather.csv"), "location");
      return atOnce(
        mapGroups(cities, (rows) => ({
          date: texts(rows, "date"),
          precipitation: numbers(rows, "precipitation"),
          temp_max: numbers(rows, "temp_max"),
          temp_min: numbers(rows, "temp_min"),
          wind: numbers(rows, "wind"),
          weather: texts(rows, "weather"),
        })),
      );
    },
  },
  "weather hourly": {
    schema: new Schema({ time: "timestamp*", temperature: "float", wind: "float", pressure: "float" }),
    async read() {
      const rows = await readCsv("seattle-weather-hourly-normals.csv");
      const frame = {
        time: texts(rows, "date"),
        temperature: numbers(rows, "temperature"),
        wind: numbers(rows, "wind"),
        pressure: numbers(rows, "pressure"),
      };
      return atOnce(new Map([["Seattle", frame]]));
    },
  },
};
