import { type FrameInput, type Note, Schema } from "lakota/node";
import { numberColumn, type Row, readRows, textColumn } from "./csv.ts";
import type { DemoCollection } from "./descriptions.ts";
import { readFlights } from "./flights.ts";

/** Frames that are written as one revision, by series. */
export interface SeedRevision {
  note: Note;
  frames: Map<string, FrameInput>;
}

/** The schema of a collection and the revisions to write. */
export interface Dataset {
  schema: Schema;
  /** Number of revisions that {@link read} returns. Default 1. */
  revisions?: number;
  read(): Promise<SeedRevision[]>;
}

/** Returns all frames as one revision. */
const oneRevision = (frames: Map<string, FrameInput>): SeedRevision[] => [
  { note: { message: "Import" }, frames },
];

/**
 * The CO2 record is split before these years and written as several revisions, as an example of a history.
 */
const CO2_REVISION_YEARS = [1975, 1990, 2005, 9999];

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
    revisions: CO2_REVISION_YEARS.length,
    async read() {
      const all = await readRows("co2-concentration.csv");
      const yearOf = (row: Row) => Number(row.Date?.slice(0, 4));
      return CO2_REVISION_YEARS.map((until, i) => {
        const rows = all.filter(
          (row) => yearOf(row) < until && yearOf(row) >= (CO2_REVISION_YEARS[i - 1] ?? 0),
        );
        const frame = {
          date: textColumn(rows, "Date"),
          co2: numberColumn(rows, "CO2"),
          adjusted: numberColumn(rows, "adjusted CO2"),
        };
        const message = `From ${rows[0]?.Date} to ${rows.at(-1)?.Date}`;
        return { note: { message }, frames: new Map([["Mauna Loa", frame]]) };
      });
    },
  },
  employment: {
    schema: new Schema({ month: "date*", jobs: "float" }),
    async read() {
      const rows = await readRows("us-employment.csv");
      const { month: _, nonfarm_change: __, ...sectors } = rows[0] ?? {};
      const month = textColumn(rows, "month");
      return oneRevision(
        new Map(
          Object.keys(sectors).map((column) => [
            sectorLabel(column),
            { month, jobs: numberColumn(rows, column) },
          ]),
        ),
      );
    },
  },
  flights: {
    schema: new Schema({ timestamp: "timestamp*", delay: "i2", distance: "i2" }),
    async read() {
      return oneRevision(new Map([["United States 2001", { ...(await readFlights()) }]]));
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
      return oneRevision(new Map([["S&P 500", frame]]));
    },
  },
  stocks: {
    schema: new Schema({ date: "date*", price: "float" }),
    async read() {
      const companies = groupBy(await readRows("stocks.csv"), "symbol");
      return oneRevision(
        mapGroups(companies, (rows) => ({
          date: textColumn(rows, "date").map(parseEnglishDate),
          price: numberColumn(rows, "price"),
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
      const cities = groupBy(await readRows("weather.csv"), "location");
      return oneRevision(
        mapGroups(cities, (rows) => ({
          date: textColumn(rows, "date"),
          precipitation: numberColumn(rows, "precipitation"),
          temp_max: numberColumn(rows, "temp_max"),
          temp_min: numberColumn(rows, "temp_min"),
          wind: numberColumn(rows, "wind"),
          weather: textColumn(rows, "weather"),
        })),
      );
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
      return oneRevision(new Map([["Seattle", frame]]));
    },
  },
};
