import type { FrameInput } from "lakota/node";
import { numberColumn, type Row, readRows, textColumn } from "./csv.ts";
import type { Step } from "./story.ts";

/** By how much the last years were first published too low, in °C. */
const PROVISIONAL = 0.06;

/**
 * The global temperature in two heads that conflict: two people revised the same years without knowing of each other. The
 * people, the times and the provisional values are made up; the rows that are shown are those of the file.
 */
export async function temperatureSteps(): Promise<Step[]> {
  const rows = await readRows("global-temp.csv");
  const until = (year: number) => rows.filter((row) => Number(row.year) <= year);
  const from = (year: number, to: number) => until(to).filter((row) => Number(row.year) >= year);
  return [
    {
      time: "2023-01-16T10:00:00Z",
      author: "Ada Lindqvist",
      message: "Import 1880 to 2022",
      frames: series(frameOf(until(2022), 2020)),
    },
    {
      time: "2024-01-15T11:45:00Z",
      author: "Ben Okafor",
      message: "Revise 2020 to 2023 with late reports from ships",
      copy: true,
      frames: series(frameOf(from(2020, 2023), 9999)),
    },
    {
      time: "2024-01-15T09:20:00Z",
      author: "Ada Lindqvist",
      message: "Append 2023, revise 2021 and 2022",
      frames: series(frameOf(from(2021, 2023), 2023)),
    },
  ];
}

const series = (frame: FrameInput) => new Map([["Global", frame]]);

/** @param provisional year from which the values are those first published */
const frameOf = (rows: readonly Row[], provisional: number) => ({
  year: textColumn(rows, "year").map((year) => `${year}-01-01`),
  anomaly: numberColumn(rows, "temp").map((value, i) =>
    Number(rows[i]!.year) < provisional ? value : Number((value - PROVISIONAL).toFixed(2)),
  ),
});
