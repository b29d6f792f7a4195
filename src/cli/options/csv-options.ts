import type { CsvOptions } from "../../interchange/csv/read-csv.ts";
import { DEFAULT_NULLS } from "../../interchange/values/infer-types.ts";
import type { ClockRule } from "../../model/time-zone.ts";
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
  header: { about: "the first line holds names, even if they look like values" },
  "no-header": { about: "the first line holds values, not names: give them with --names" },
  columns: { value: "NAME,…", parse: list, about: "read only these columns of the file" },
  "time-zone": {
    value: "ZONE",
    about: "time zone of times without one, such as Europe/Brussels. Default: UTC",
  },
  clock: {
    value: "RULE",
    parse: clock,
    about:
      "times that the clocks of the zone skip or repeat: earlier, later, order (the second round follows the first) or reject. Default: reject",
    completes: ["earlier", "later", "order", "reject"],
  },
  format: {
    value: "NAME=PATTERN",
    parse: named("NAME=PATTERN"),
    many: true,
    about:
      "how a column's times are written, such as 'day=%d/%m/%Y', or time=epoch-s (ms, us, ns), or iso. Default: detected from the first rows",
  },
  decimal: {
    value: "MARK",
    parse: decimal,
    about: "decimal mark: . or , (a dot or a comma). Default: detected from the first rows",
    completes: [".", ","],
  },
  nulls: {
    value: "TEXT,…",
    parse: list,
    about: "further cells that mean no value, besides empty ones, NA, null, NaN and the like",
  },
  fill: {
    value: "NAME=VALUE",
    parse: named("NAME=VALUE"),
    many: true,
    about: "the value that replaces missing ones of a column, such as count=0",
  },
  encoding: { value: "NAME", about: "character encoding, such as windows-1252. Default: utf-8" },
  sort: { about: "sort rows by the index; holds all of them in memory" },
} as const satisfies OptionTable;

/** The schema of a collection that is created for a file. */
export const SCHEMA_OPTIONS = {
  types: {
    value: "NAME=TYPE",
    parse: named("NAME=TYPE"),
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
  const { delimiter, names, columns, decimal, encoding, sort, clock, format, nulls, fill, header } = values;
  const zone = values["time-zone"];
  return {
    ...(delimiter !== undefined && { delimiter: delimiter === "\\t" ? "\t" : delimiter }),
    ...(names && { names }),
    ...(header && { header: true }),
    ...(values["no-header"] && { header: false }),
    ...(columns && { columns }),
    ...(zone !== undefined && { timeZone: zone }),
    ...(clock && { clock }),
    ...(format && { formats: Object.fromEntries(format) }),
    ...(decimal && { decimal }),
    ...(nulls && { nulls: [...DEFAULT_NULLS, ...nulls] }),
    ...(fill && { fill: Object.fromEntries(fill) }),
    ...(encoding !== undefined && { encoding }),
    ...(sort && { sort }),
  };
}

function decimal(text: string): "." | "," {
  if (text === "." || text === ",") return text;
  throw new UsageError(`"${text}" is not one of . and , (a dot or a comma).`);
}

const CLOCKS: readonly ClockRule[] = ["earlier", "later", "order", "reject"];

function clock(text: string): ClockRule {
  const rule = CLOCKS.find((one) => one === text.toLowerCase());
  if (rule) return rule;
  throw new UsageError(`"${text}" is not one of ${CLOCKS.join(", ")}.`);
}

function named(form: string): (text: string) => [name: string, value: string] {
  return (text) => {
    const at = text.indexOf("=");
    if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
    throw new UsageError(`"${text}" is not of the form ${form}.`);
  };
}
