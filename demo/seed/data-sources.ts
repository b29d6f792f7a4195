/** The origin of a collection's data, and their terms of use. */
export interface DataSource {
  /** Describes the collection in a sentence. */
  about: string;
  /** Units by column. */
  units: Readonly<Record<string, string>>;
  /** The publisher of the data. */
  provider: string;
  url: string;
  licence: string;
  /** The time zone of its times. Default UTC. */
  timeZone?: string;
}

const GOVERNMENT = "U.S. government work, public domain";
const UNSTATED = "no licence stated by vega-datasets; read from your installed copy, not redistributed";

/** The demo's collections. All are files of the npm package vega-datasets (itself BSD-3-Clause). */
export const DATA_SOURCES = {
  co2: {
    about: "Atmospheric CO₂ at Mauna Loa, Hawaii, month by month since 1958.",
    units: { co2: "ppm", adjusted: "ppm" },
    provider: "Scripps CO2 Program",
    url: "https://scrippsco2.ucsd.edu/data/atmospheric_co2/primary_mlo_co2_record",
    licence: "CC BY 4.0",
  },
  employment: {
    about: "Jobs in the United States by sector, month by month, seasonally adjusted.",
    units: { jobs: "thousands" },
    provider: "U.S. Bureau of Labor Statistics",
    url: "https://www.bls.gov/ces/",
    licence: GOVERNMENT,
  },
  flights: {
    about: "Three million flights within the United States, each at its own minute: one long series.",
    units: { delay: "min", distance: "miles" },
    provider: "U.S. Bureau of Transportation Statistics",
    url: "https://www.transtats.bts.gov/",
    licence: "collected under 14 CFR Part 234; licence not stated",
    timeZone: "local time of the airport",
  },
  indices: {
    about: "The S&P 500 index, day by day.",
    units: {},
    provider: "Yahoo Finance",
    url: "https://finance.yahoo.com/",
    licence: UNSTATED,
  },
  stocks: {
    about: "Share prices of five companies, month by month.",
    units: { price: "$" },
    provider: "vega-datasets",
    url: "https://github.com/vega/vega-datasets",
    licence: UNSTATED,
  },
  "weather daily": {
    about: "Weather of two cities, day by day.",
    units: { precipitation: "mm", temp_max: "°C", temp_min: "°C" },
    provider: "NOAA Climate Data Online",
    url: "https://www.ncdc.noaa.gov/cdo-web/datatools/findstation",
    licence: GOVERNMENT,
  },
  "weather hourly": {
    about: "A normal year in Seattle, hour by hour: means of 1981 to 2010.",
    units: { temperature: "°C", wind: "m/s", pressure: "hPa" },
    provider: "NOAA National Climatic Data Center",
    url: "https://www.ncdc.noaa.gov/cdo-web/datatools/normals",
    licence: GOVERNMENT,
  },
} as const satisfies Record<string, DataSource>;

/** Returns the source of one of the demo's collections; undefined for other collections. */
export const dataSourceOf = (collection: string): DataSource | undefined =>
  Object.hasOwn(DATA_SOURCES, collection) ? DATA_SOURCES[collection as keyof typeof DATA_SOURCES] : undefined;
