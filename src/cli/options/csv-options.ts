import type { CsvOptions } from "../../interchange/csv/read-csv.ts";
import type { OptionTable, Values } from "./options.ts";
import { UsageError } from "./usage-error.ts";
import { list } from "./values.ts";

/** How CSV is to be understood. */
export const CSV_OPTIONS = {
  delimiter: { short: "d", value: "CHARACTER", about: "between cells. Default: found in the first lines" },
  names: {
    value: "NAME,…",
    parse: list,
    about: "names of the columns, in the order of the file, in place of those in its first line",
  },
  "no-header": { about: "the first line has values already; needs --names" },
  columns: { value: "NAME,…", parse: list, about: "leave out all other columns of the file" },
  "time-zone": {
    value: "ZONE",
    about: "the zone of times that tell none, such as Europe/Brussels. Default: UTC",
  },
  decimal: {
    value: "MARK",
    parse: decimal,
    about: "what separates a fraction: . or ,",
    completes: [".", ","],
  },
  encoding: { value: "NAME", about: "such as windows-1252. Default: utf-8" },
  sort: { about: "put rows in the order of the index; takes all of them in memory" },
} as const satisfies OptionTable;

/** What the schema of a file is to be, where a collection is made for it. */
export const SCHEMA_OPTIONS = {
  types: {
    value: "NAME=TYPE",
    parse: namedType,
    many: true,
    about: "for a new collection: a type in place of the one found, such as day=date* or price=f4",
  },
  index: {
    value: "NAME,…",
    parse: list,
    about: "for a new collection: the index. Default: the first column of times, else the first column",
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
  throw new UsageError(`"${text}" is neither . nor a comma.`);
}

function namedType(text: string): [name: string, type: string] {
  const at = text.indexOf("=");
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw new UsageError(`"${text}" is no NAME=TYPE.`);
}
