import { LakotaError } from "../../model/errors.ts";

/** The options of the command that set those of the API's readers. */
const OPTIONS: Readonly<Record<string, string>> = {
  types: "--types",
  index: "--index",
  columns: "--columns",
  fill: "--fill",
  formats: "--format",
  names: "--names",
  nulls: "--nulls",
  delimiter: "--delimiter",
  decimal: "--decimal",
  encoding: "--encoding",
  clock: "--clock",
  timeZone: "--time-zone",
  sort: "--sort",
};

/**
 * An option as the API's messages write it: `sort: true`, `clock: "earlier" or "later"`, `types: { price: "str" }`,
 * `fill: { count: … }`, `names: [...]`, and `types: there is no column "x"`.
 */
const ADVICE = new RegExp(
  [
    `\\b(?<option>header|${Object.keys(OPTIONS).join("|")}): `,
    "(?:(?<flag>true|false)\\b",
    '|"(?<value>[^"]*)"(?<others>(?:,? (?:or )?"[^"]*")*)',
    "|\\[\\.\\.\\.\\]",
    '|\\{ (?<name>.+?): (?:"(?<entry>[^"]*)"|…) \\}',
    "|(?<rest>there is no column))",
  ].join(""),
  "g",
);

/** The command has no clone. */
const CLONE_ADVICE = "Clone it with the option table to change that.";
const CLONE_WORDS = "Leave --table out, or change it with repo.clone() of the library.";

/** Returns a message of the API's readers with the options of the command in place of theirs. */
export function inCommandWords(message: string): string {
  return message.replace(CLONE_ADVICE, CLONE_WORDS).replace(ADVICE, (...match) => {
    const {
      option = "",
      flag,
      value,
      others = "",
      name,
      entry,
      rest,
    }: Record<string, string | undefined> = match.at(-1);
    if (option === "header") return flag === "false" ? "--no-header" : "--header";
    const words = OPTIONS[option];
    if (flag !== undefined) return `${words}`;
    if (rest !== undefined) return `${words}: ${rest}`;
    if (name !== undefined) return `${words} ${quoted(`${name}=${entry ?? "…"}`)}`;
    return value === undefined ? `${words} NAME,…` : `${words} ${quoted(value)}${others.replaceAll('"', "")}`;
  });
}

/** Quotes an argument where a shell would split or change it. */
const quoted = (text: string): string =>
  /^[\w.,:=%/@…+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

/** Calls what reads files, and throws its errors in the words of the command. */
export async function inWordsOfCommand<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof LakotaError)) throw error;
    const message = inCommandWords(error.message);
    throw message === error.message ? error : new LakotaError(error.code, message, { cause: error });
  }
}
