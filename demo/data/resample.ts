import { type CalendarStep, isCalendarStep } from "./calendar-step.ts";

/** What can be computed of the rows of a calendar unit, as `lakota/query` names it. */
export const AGGREGATES = ["mean", "sum", "min", "max", "first", "last", "count"] as const;
export type Aggregate = (typeof AGGREGATES)[number];

/** Rows grouped by the calendar, with one value for each unit. */
export interface Resample {
  readonly step: CalendarStep;
  readonly aggregate: Aggregate;
}

/** Formats it for an address: `month.mean`. */
export const formatResample = ({ step, aggregate }: Resample): string => `${step}.${aggregate}`;

/** Parses what {@link formatResample} returns; undefined for other text. */
export function parseResample(text: string): Resample | undefined {
  const [step = "", name = ""] = text.split(".");
  const aggregate = AGGREGATES.find((each) => each === name);
  return isCalendarStep(step) && aggregate ? { step, aggregate } : undefined;
}

const NAMES: Readonly<Record<Aggregate, string>> = {
  mean: "Mean",
  sum: "Sum",
  min: "Lowest value",
  max: "Highest value",
  first: "First value",
  last: "Last value",
  count: "Number of values",
};

/** `Mean of each month` */
export const describeResample = ({ step, aggregate }: Resample): string =>
  `${NAMES[aggregate]} of each ${step}`;
