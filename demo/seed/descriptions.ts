import type { CollectionDescription } from "lakota/node";

const GOVERNMENT = "U.S. government work, public domain";
const UNSTATED = "no licence stated by vega-datasets; read from your installed copy, not redistributed";

/** What the demo's collections are. All are files of the npm package vega-datasets (itself BSD-3-Clause). */
export const DESCRIPTIONS = {
  co2: {
    description: "Atmospheric CO₂ at Mauna Loa, Hawaii, month by month since 1958.",
    source: "Scripps CO2 Program: https://scrippsco2.ucsd.edu/data/atmospheric_co2/primary_mlo_co2_record",
    licence: "CC BY 4.0",
    columns: { co2: { unit: "ppm" }, adjusted: { unit: "ppm", description: "Without the seasonal cycle." } },
  },
  employment: {
    description: "Jobs in the United States by sector, month by month, seasonally adjusted.",
    source: "U.S. Bureau of Labor Statistics: https://www.bls.gov/ces/",
    licence: GOVERNMENT,
    columns: { jobs: { unit: "thousands" } },
  },
  flights: {
    description:
      "Three million flights within the United States, each at its own minute, in local time of the airport: one long series.",
    source: "U.S. Bureau of Transportation Statistics: https://www.transtats.bts.gov/",
    licence:
      "statistics of a U.S. federal agency, collected under 14 CFR Part 234; vega-datasets names no licence",
    columns: { delay: { unit: "min" }, distance: { unit: "miles" } },
  },
  indices: {
    description: "The S&P 500 index, day by day.",
    source: "Yahoo Finance: https://finance.yahoo.com/",
    licence: UNSTATED,
  },
  stocks: {
    description: "Share prices of five companies, month by month.",
    source: "vega-datasets: https://github.com/vega/vega-datasets",
    licence: UNSTATED,
    columns: { price: { unit: "$" } },
    series: {
      AAPL: { title: "Apple", tags: ["hardware", "software"] },
      AMZN: { title: "Amazon", tags: ["retail"] },
      GOOG: { title: "Google", tags: ["software"] },
      IBM: { title: "IBM", tags: ["hardware", "software"] },
      MSFT: { title: "Microsoft", tags: ["software"] },
    },
  },
  temperature: {
    description: "Global surface temperature, year by year, as a difference from the mean of 1951 to 1980.",
    source: "NASA GISTEMP: https://data.giss.nasa.gov/gistemp/",
    licence: GOVERNMENT,
    columns: { anomaly: { unit: "°C" } },
  },
  "weather daily": {
    description: "Weather of two cities, day by day.",
    source: "NOAA Climate Data Online: https://www.ncdc.noaa.gov/cdo-web/datatools/findstation",
    licence: GOVERNMENT,
    columns: { precipitation: { unit: "mm" }, temp_max: { unit: "°C" }, temp_min: { unit: "°C" } },
  },
  "weather hourly": {
    description: "A normal year in Seattle, hour by hour: means of 1981 to 2010.",
    source: "NOAA National Climatic Data Center: https://www.ncdc.noaa.gov/cdo-web/datatools/normals",
    licence: GOVERNMENT,
    columns: { temperature: { unit: "°C" }, wind: { unit: "m/s" }, pressure: { unit: "hPa" } },
  },
} as const satisfies Record<string, CollectionDescription>;

/** The demo's collections. */
export type DemoCollection = keyof typeof DESCRIPTIONS;
