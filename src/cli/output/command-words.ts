import { typeText } from "../../interchange/values/type-text.ts";
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

/** What the messages of the library advise, and what the command has instead. */
const PHRASES: readonly (readonly [library: string | RegExp, command: string])[] = [
  [
    "Clone it with the option table to change that.",
    "Leave --table out, or change it with repo.clone() of the library.",
  ],
  ['the option table: "tree" (lakota create --table tree)', "--table tree"],
  [/repo\.clone\(.*? NAME, \{ table: "tree" \}\)/, "repo.clone() of the library"],
  [" The option labels can leave the series out.", ""],
  ["the option allowUnverified (--allow-unverified)", "--allow-unverified"],
  ["the option `token`, on the command line --token or LAKOTA_TOKEN", "--token or LAKOTA_TOKEN"],
  ["The option `timeout` sets the limit", "--timeout sets the limit"],
  ["run lakota publish once, or call repo.publish();", "run lakota publish once;"],
  ["diff() and the history", "`lakota diff` and the history"],
  [
    "Pass the rest, credentials above all, as options.",
    "Keys come from the variables and profiles of AWS's tools, never from the address.",
  ],
  [' With the option missing: "empty" it is read as one without rows.', ""],
  [", and keys as `credentials`", ", and keys by the variables or profiles of AWS's tools"],
  [", or pass `credentials` as a function", ""],
  [", as with pages()", ", as with --paginate"],
  [
    /^before: (.*?) is not a time since 1970, a revision or an epoch.*$/,
    "--before: $1 is before 1970, when there were no revisions.",
  ],
];

/** Returns a message of the library with the options and verbs of the command in place of the API's. */
export function inCommandWords(message: string): string {
  const types = message.replace(/\b(?:datetime|timedelta)64\[\w+\]/g, typeText);
  const advice = PHRASES.reduce((text, [library, command]) => text.replace(library, command), types);
  return advice.replace(ADVICE, (...match) => {
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
