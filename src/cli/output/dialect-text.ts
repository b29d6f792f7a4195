import type { CsvDialect } from "../../interchange/csv/dialect.ts";
import type { CsvOptions } from "../../interchange/csv/read-csv.ts";

/** Lists columns with their types: `day date*, close float`. */
export const typesText = (types: Readonly<Record<string, string>>): string =>
  Object.entries(types)
    .map(([name, type]) => `${name} ${type}`)
    .join(", ");

/**
 * Says how a CSV file was read, as far as that was detected and is not what is usual; undefined if there is nothing to say.
 *
 * @param options what the user has set
 */
export function dialectText(
  { delimiter, decimal, formats }: CsvDialect,
  options: CsvOptions,
): string | undefined {
  const parts = [
    ...(delimiter !== "," && options.delimiter === undefined
      ? [`cells are separated by ${delimiter === "\t" ? "tabs" : delimiter}`]
      : []),
    ...(decimal !== "." && options.decimal === undefined ? [`the decimal mark is ${decimal}`] : []),
    ...Object.entries(formats)
      .filter(([name]) => !Object.hasOwn(options.formats ?? {}, name))
      .map(([name, format]) => `${name} is ${format}`),
  ];
  return parts.length > 0 ? parts.join("; ") : undefined;
}
