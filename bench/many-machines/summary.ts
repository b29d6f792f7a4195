import { table } from "../report.ts";
import { addCounts, NO_REQUESTS, type RequestCounts } from "./counted-fetch.ts";
import type { ErrorCounts } from "./errors.ts";
import type { Measurement } from "./measure.ts";

/** Returns the value below which a share of the values is. */
function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

const middleAndMost = (values: readonly number[]): string =>
  values.length === 0 ? "–" : [0.5, 0.99].map((share) => count(quantile(values, share))).join(" / ");

const count = (value: number): string => Math.round(value).toLocaleString("en");
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const total = (reports: readonly { requests: RequestCounts }[]): RequestCounts =>
  reports.reduce((counts, { requests }) => addCounts(counts, requests), NO_REQUESTS);

function perCall({ list, get, put, other }: RequestCounts, calls: number): string {
  const kinds = [
    [list, "list"],
    [get, "get"],
    [put, "put"],
    [other, "other"],
  ] as const;
  return kinds
    .filter(([requests]) => requests > 0)
    .map(([requests, kind]) => `${(requests / calls).toFixed(1)} ${kind}`)
    .join(", ");
}

function errorText(reports: readonly { errors: ErrorCounts }[]): string {
  const codes = [...new Set(reports.flatMap(({ errors }) => Object.keys(errors)))].sort();
  return (
    codes.map((code) => `${sum(reports.map(({ errors }) => errors[code] ?? 0))} ${code}`).join(", ") || "none"
  );
}

/** What the table has of each measurement. */
const FIGURES: Readonly<Record<string, (measurement: Measurement) => string>> = {
  "commits per second": ({ writers, setting }) =>
    (sum(writers.map(({ commits }) => commits.length)) / setting.seconds).toFixed(1),
  "ms of a commit, p50 / p99": ({ writers }) => middleAndMost(writers.flatMap(({ commits }) => commits)),
  "requests of a commit": ({ writers }) =>
    perCall(total(writers), sum(writers.map(({ commits }) => commits.length))),
  "kB fetched by a commit": ({ writers }) =>
    count(
      sum(writers.map(({ fetched }) => fetched)) / sum(writers.map(({ commits }) => commits.length)) / 1e3,
    ),
  "commits that join heads": ({ checked }) => count(checked.merges),
  "heads joined by one, at most": ({ checked }) => String(checked.mostJoined),
  conflicts: ({ writers, checked }) =>
    count(sum(writers.map(({ conflicts }) => conflicts)) + checked.conflicts),
  "refreshes per second": ({ readers, setting }) =>
    (sum(readers.map(({ refreshes }) => refreshes.length)) / setting.seconds).toFixed(1),
  "ms of a refresh, p50 / p99": ({ readers }) => middleAndMost(readers.flatMap(({ refreshes }) => refreshes)),
  "requests of a refresh": ({ readers }) =>
    perCall(total(readers), sum(readers.map(({ refreshes }) => refreshes.length))),
  "kB fetched by a refresh": ({ readers }) =>
    count(
      sum(readers.map(({ fetched }) => fetched)) /
        sum(readers.map(({ refreshes }) => refreshes.length)) /
        1e3,
    ),
  "ms since the newest row was written, p50 / p99": ({ readers }) =>
    middleAndMost(readers.flatMap(({ ages }) => ages)),
  "requests sent again": ({ writers, readers }) => count(total([...writers, ...readers]).failed),
  "errors, by code": ({ writers, readers }) => errorText([...writers, ...readers]),
  "acknowledged rows read back": ({ checked }) => count(checked.rows),
  "lost or damaged": ({ checked }) =>
    checked.problems.length === 0 ? "nothing" : String(checked.problems.length),
};

const nameOf = ({ setting: { table: kind, collections } }: Measurement): string =>
  `${kind}, ${collections} collection${collections === 1 ? "" : "s"}`;

/** Returns a Markdown table with a column for each measurement. */
export const summaryOf = (measurements: readonly Measurement[]): string =>
  table(
    ["", ...measurements.map(nameOf)],
    Object.entries(FIGURES).map(([name, figure]) => [name, ...measurements.map(figure)]),
  );
