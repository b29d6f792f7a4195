import type { FrameInput } from "lakota/node";
import { numberColumn, type Row, readRows, textColumn } from "./csv.ts";
import type { Step } from "./story.ts";

const ADA = "Ada Lindqvist";
const BEN = "Ben Okafor";

/** By how much some values were too high until they were corrected, in ppm. */
const OFFSET = 9;

/**
 * The CO₂ record as several people might have written it: appended to in steps, with wrong values that another author
 * corrects late, and a fork that is merged. The people, the times and the mistakes are made up; the result is the record.
 */
export async function co2Steps(): Promise<Step[]> {
  const rows = await readRows("co2-concentration.csv");
  const between = (from: number, to: number) =>
    rows.filter((row) => yearOf(row) >= from && yearOf(row) <= to);
  return [
    {
      time: "2018-03-05T09:12:00Z",
      author: ADA,
      message: "Import 1958 to 1989",
      frames: series({ ...frameOf(between(0, 1989)), adjusted: notAdjustedBefore(1964, between(0, 1989)) }),
    },
    {
      time: "2018-03-19T14:40:00Z",
      author: ADA,
      message: "Append 1990 to 2004",
      frames: series(tooHigh(1996, 1998, between(1990, 2004))),
    },
    {
      time: "2018-06-04T08:05:00Z",
      author: ADA,
      message: "Append 2005 to 2015",
      frames: series(frameOf(between(2005, 2015))),
    },
    {
      time: "2019-11-21T16:27:00Z",
      author: BEN,
      message: `Correct 1996 to 1998: the reference gas was off by ${OFFSET} ppm`,
      frames: series(frameOf(between(1996, 1998))),
    },
    {
      time: "2020-05-04T10:05:00Z",
      author: BEN,
      message: "Remove the seasonal cycle before 1964, too",
      copy: true,
      frames: series(frameOf(between(0, 1963))),
    },
    {
      time: "2020-05-04T08:30:00Z",
      author: ADA,
      message: "Append 2016 to April 2020",
      frames: series(frameOf(between(2016, 9999))),
    },
    { time: "2020-05-05T07:58:00Z", author: ADA, message: "Merge the adjusted values of Ben" },
  ];
}

const yearOf = (row: Row): number => Number(row.Date?.slice(0, 4));
const series = (frame: FrameInput) => new Map([["Mauna Loa", frame]]);

type Co2Frame = {
  date: string[];
  co2: number[];
  adjusted: number[];
};

const frameOf = (rows: readonly Row[]) =>
  ({
    date: textColumn(rows, "Date"),
    co2: numberColumn(rows, "CO2"),
    adjusted: numberColumn(rows, "adjusted CO2"),
  }) satisfies Co2Frame;

/** Returns the adjusted values, with the measured ones in their place before a year. */
function notAdjustedBefore(year: number, rows: readonly Row[]): number[] {
  const { co2, adjusted } = frameOf(rows);
  return adjusted.map((value, i) => (yearOf(rows[i]!) < year ? co2[i]! : value));
}

function tooHigh(from: number, to: number, rows: readonly Row[]): Co2Frame {
  const { date, co2, adjusted } = frameOf(rows);
  const shift = (value: number, i: number) => {
    const year = yearOf(rows[i]!);
    return year >= from && year <= to ? Number((value + OFFSET).toFixed(2)) : value;
  };
  return { date, co2: co2.map(shift), adjusted: adjusted.map(shift) };
}
