import type { CsvOptions } from "../../interchange/csv/read-csv.ts";
import type { OptionTable, Values } from "./options.ts";
import { UsageError } from "./usage-error.ts";
import { list } from "./values.ts";

/** How CSV is parsed. */
export const CSV_OPTIONS = {
  delimiter: {
    short: "d",
    value: "CHARACTER",
    about: "what separates cells. Default: detected from the first lines",
  },
  names: {
    value: "NAME,…",
    parse: list,
    about: "names of the columns in file order, replacing those of the first line",
  },
  "no-header": { about: "the first line holds values, not names; needs --names" },
  columns: { value: "NAME,…", parse: list, about: "read only these columns of the file" },
  "time-zone": {
    value: "ZONE",
    about: "time zone of times without one, such as Europe/Brussels. Default: UTC",
  },
  decimal: {
    value: "MARK",
    parse: decimal,
    about: "decimal mark: . or ,",
    completes: [".", ","],
  },
  encoding: { value: "NAME", about: "character encoding, such as windows-1252. Default: utf-8" },
  sort: { about: "sort rows by the index; holds all of them in memory" },
} as const satisfies OptionTable;

/** The schema of a collection that is created for a file. */
export const SCHEMA_OPTIONS = {
  types: {
    value: "NAME=TYPE",
    parse: namedType,
    many: true,
    about: "for a new collection: overrides an inferred type, such as day=date* or price=f4",
  },
  index: {
    value: "NAME,…",
    parse: list,
    about:
      "for a new collection: the index columns. Default: the first column of times, else the first column",
  },
} as const satisfies OptionTable;

export function toSchemaOptions({ types, index }: Values<typeof SCHEMA_OPTIONS>): CsvOptions {
  return { ...(types && { types: Object.fromEntries(types) }), ...(index && { index }) };
}

export function toCsvOptions(values: Values<typeof CSV_OPTIONS>): CsvOptions {
  const { delimiter, names, columns, decimal, encoding, sort } = values;
  const zone = values["time-zone"];
  return {
    ...(delimiter !== undefined && { delimiter: delimiter === "\\t" ? "\t" : delimiter }),
    ...(names && { names }),
    ...(values["no-header"] && { header: false }),
    ...(columns && { columns }),
    ...(zone !== undefined && { timeZone: zone }),
    ...(decimal && { decimal }),
    ...(encoding !== undefined && { encoding }),
    ...(sort && { sort }),
  };
}

function decimal(text: string): "." | "," {
  if (text === "." || text === ",") return text;
  throw new UsageError(`"${text}" is not one of . and , (a dot or a comma).`);
}

function namedType(text: string): [name: string, type: string] {
  const at = text.indexOf("=");
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw new UsageError(`"${text}" is not of the form NAME=TYPE.`);
}
