import type { Schema } from "lakota";
import type { CsvOptions, TableOptions } from "lakota/interchange";

/** How a file is to be read, as far as the user has chosen. What is left out is detected. */
export interface Choices {
  readonly delimiter?: string | undefined;
  readonly decimal?: "." | "," | undefined;
  /** Whether the first line has the names of the columns. */
  readonly header?: boolean | undefined;
  readonly encoding?: string | undefined;
  /** Names of types, by column. */
  readonly types: Readonly<Record<string, string>>;
  /** Formats of times, by column. */
  readonly formats: Readonly<Record<string, string>>;
  /** Names of the index columns. */
  readonly index?: readonly string[] | undefined;
  /** Whether rows are sorted by the index before they are written. */
  readonly sort: boolean;
}

export const NO_CHOICES: Choices = { types: {}, formats: {}, sort: false };

/** Returns the options by which a CSV file is read, into the schema of a collection if there is one. */
export function csvOptions(choices: Choices, schema: Schema | undefined): CsvOptions {
  const { delimiter, decimal, header, encoding, formats } = choices;
  return {
    ...tableOptions(choices, schema),
    ...(delimiter !== undefined && { delimiter }),
    ...(decimal !== undefined && { decimal }),
    ...(header !== undefined && { header }),
    ...(encoding !== undefined && { encoding }),
    formats,
  };
}

/** Returns the options by which any table is read. With a schema, it has the types and the index. */
export function tableOptions({ types, index, sort }: Choices, schema: Schema | undefined): TableOptions {
  return schema ? { schema, sort } : { types, sort, ...(index && { index }) };
}

/** Returns the choices after one by which the file may have other columns: those by column are made again. */
export const withDialect = (choices: Choices, change: Partial<Choices>): Choices => ({
  ...choices,
  ...change,
  types: {},
  formats: {},
  index: undefined,
});

/** The types that are offered, with names for people. */
export const TYPES: readonly (readonly [type: string, name: string])[] = [
  ["float", "Number"],
  ["int", "Whole number"],
  ["date", "Date"],
  ["timestamp", "Time, seconds"],
  ["M8[ms]", "Time, milliseconds"],
  ["M8[us]", "Time, microseconds"],
  ["M8[ns]", "Time, nanoseconds"],
  ["bool", "True or false"],
  ["str", "Text"],
];

const EXAMPLE: Readonly<Record<string, string>> = {
  Y: "2026",
  y: "26",
  m: "12",
  d: "31",
  b: "Dec",
  B: "December",
  a: "Thu",
  A: "Thursday",
  j: "365",
  q: "4",
  H: "23",
  I: "11",
  M: "59",
  S: "30",
  f: "25",
  p: "PM",
  z: "+01:00",
};
const NAMED_FORMATS: Readonly<Record<string, string>> = {
  iso: "2026-12-31",
  "epoch-s": "seconds since 1970",
  "epoch-ms": "milliseconds since 1970",
};

/** Shows a format of times as the last day of 2026 looks in it: `%d.%m.%Y` is `31.12.2026`. */
export const exampleOf = (format: string): string =>
  NAMED_FORMATS[format] ?? format.replace(/%(\w)/g, (directive, letter) => EXAMPLE[letter] ?? directive);

/** Returns the formats to choose from: the current one, the one with day and month exchanged, and the usual ones. */
export function formatChoices(format: string): string[] {
  const swapped = format.replace(/%[dm]/g, (part) => (part === "%d" ? "%m" : "%d"));
  return [...new Set([format, swapped, "iso", "epoch-s", "epoch-ms"])];
}
