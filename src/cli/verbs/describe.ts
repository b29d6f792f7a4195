import { text as readText } from "node:stream/consumers";
import type { EngineCollection } from "../../engine/collection/collection.ts";
import { parseDescription } from "../../interchange/files/collection-files.ts";
import type { DescriptionChange } from "../../model/api/description.ts";
import { defineCommand } from "../command.ts";
import type { Context } from "../context.ts";
import type { OptionTable, Values } from "../options/options.ts";
import { NOTE_OPTIONS, toNote } from "../options/shared-options.ts";
import { UsageError } from "../options/usage-error.ts";
import { existingRepo } from "../targets/existing-repo.ts";
import { findTarget } from "../targets/labels.ts";

const FIELDS = {
  title: { short: "t", value: "TEXT", about: "a name to show, of the collection or of each SERIES" },
  description: { short: "d", value: "TEXT", about: "a sentence or more" },
  source: { value: "TEXT", about: "of a collection: where the data are from" },
  licence: { also: ["license"], value: "TEXT", about: "of a collection: terms of use" },
  "time-zone": {
    value: "ZONE",
    about: "of a collection: the zone in which to show its times, which are stored as UTC",
  },
  unit: { short: "u", value: "TEXT", about: "of series: the unit of the values" },
  tag: {
    value: "TEXT",
    many: true,
    about: "of series: the tags, in place of those that they have. Repeat it for several",
  },
} as const satisfies OptionTable;

const OPTIONS = {
  ...FIELDS,
  column: {
    short: "c",
    value: "NAME.FIELD=TEXT",
    many: true,
    parse: columnField,
    about: "of a collection: title, unit or description of a column, as in close.unit=USD",
  },
  remove: {
    value: "FIELD",
    many: true,
    about: "remove a field, such as title, time-zone or, of a column, close.unit",
  },
  file: {
    short: "f",
    value: "FILE",
    about: "read a description as JSON from a file, - for standard input",
    completes: "file",
  },
  ...NOTE_OPTIONS,
} as const satisfies OptionTable;

type Given = Values<typeof OPTIONS>;

export const describe = defineCommand({
  name: "describe",
  summary: "Say what a collection, its columns or its series are: titles, units, source, tags",
  description: [
    "Sets the fields that are given and leaves all others as they are. `lakota info` shows them, and so does the page of `lakota serve`; `lakota ls --tag` and `--text` find series by them. Python Lakota ignores them.",
    "This history is apart from that of the rows: `lakota log COLLECTION --descriptions` and `lakota show COLLECTION --descriptions` show it, `revert` does not see it, and `lakota info COLLECTION --before TIME` shows an earlier description.",
    'A file has the form that `lakota info --json` prints: `{"title": …, "columns": {"close": {"unit": …}}, "series": {"ACME": {"title": …, "tags": […]}}}`, with null for what is to be removed.',
  ],
  arguments: [
    { name: "COLLECTION", about: "COLLECTION or COLLECTION/SERIES, in full", completes: "series" },
    { name: "SERIES", about: "describe these series instead of the collection", optional: true, many: true },
  ],
  options: OPTIONS,
  examples: [
    {
      command:
        'lakota describe stocks --title "Share prices" --column close.unit=USD --time-zone America/New_York',
      about: "a collection and a column",
    },
    { command: "lakota describe stocks ACME EMCA --unit USD --tag retail --tag europe", about: "two series" },
    {
      command: "lakota describe stocks --file stocks.json",
      about: "what `lakota info stocks --all --json` has printed",
    },
    { command: "lakota describe stocks --remove source --remove close.unit", about: "forget two fields" },
  ],
  async run(context, [label, ...more], options) {
    const { signal } = context;
    const { collection, series } = await findTarget(await existingRepo(context), label!, {
      exact: true,
      signal,
    });
    const labels = series === undefined ? more : [series, ...more];
    const change = labels.length > 0 ? seriesChange(labels, options) : collectionChange(collection, options);
    const file = options.file === undefined ? undefined : await readChange(context, options.file, labels);
    const all = file ? joined(file, change) : change;
    if (Object.keys(all).length === 0)
      throw new UsageError("nothing to describe was given: see lakota help describe.");
    for (const name of labels) await warnIfMissing(context, collection, name);
    const stored = await collection.describe(all, { ...toNote(options), signal });
    const what = labels.length > 0 ? labels.join(", ") : collection.label;
    await context.report(
      {
        collection: collection.label,
        ...(labels.length > 0 && { series: labels }),
        revision: stored?.revision,
      },
      stored
        ? `Described ${what}${context.asRevision(stored.revision)}.`
        : `Nothing has changed: ${what} had this description already.`,
    );
    return 0;
  },
});

interface ColumnField {
  readonly column: string;
  readonly field: string;
  readonly text: string;
}

function columnField(text: string): ColumnField {
  const match = /^(.+?)\.(title|unit|description)=(.*)$/s.exec(text);
  if (match) return { column: match[1]!, field: match[2]!, text: match[3]! };
  throw new UsageError(
    `"${text}" is not NAME.FIELD=TEXT, where FIELD is title, unit or description, as in close.unit=USD.`,
  );
}

function seriesChange(labels: readonly string[], options: Given): DescriptionChange {
  const { title, description, unit, tag: tags, remove = [] } = options;
  for (const name of ["source", "licence", "time-zone", "column"] as const)
    if (options[name] !== undefined) throw new UsageError(`--${name} is for collections, not for series.`);
  const given = { title, description, unit, tags };
  const fields: Record<string, unknown> = Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  );
  for (const field of remove) fields[field === "tag" ? "tags" : field] = null;
  if (Object.keys(fields).length === 0) return {};
  const change: object = { series: Object.fromEntries(labels.map((label) => [label, fields])) };
  return change; // its fields are checked when it is stored
}

function collectionChange({ schema }: EngineCollection, options: Given): DescriptionChange {
  const { title, description, source, licence, "time-zone": timeZone, column = [], remove = [] } = options;
  for (const name of ["unit", "tag"] as const)
    if (options[name] !== undefined) {
      const advice = name === "unit" ? " For a column: --column NAME.unit=TEXT." : "";
      throw new UsageError(`--${name} is for series: name them after the collection.${advice}`);
    }
  const given = { title, description, source, licence, timeZone };
  const fields: Record<string, unknown> = Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  );
  const columns = new Map<string, Record<string, string | null>>();
  const set = (name: string, field: string, value: string | null) =>
    columns.set(name, { ...columns.get(name), [field]: value });
  for (const { column: name, field, text } of column) set(name, field, text);
  for (const name of remove) {
    const match = /^(.+)\.(title|unit|description)$/.exec(name);
    if (match && schema.columns.some((one) => one.name === match[1])) set(match[1]!, match[2]!, null);
    else fields[name === "time-zone" ? "timeZone" : name] = null;
  }
  const change: object = { ...fields, ...(columns.size > 0 && { columns: Object.fromEntries(columns) }) };
  return change; // its fields are checked when it is stored
}

/** Returns the change in a file. */
async function readChange(
  context: Context,
  file: string,
  series: readonly string[],
): Promise<DescriptionChange> {
  if (series.length > 0)
    throw new UsageError(
      "--file describes a collection: series are in it by name, and not named as arguments.",
    );
  const text = await readText(context.input(file === "-" ? undefined : file));
  return parseDescription(file === "-" ? "Standard input" : file, text);
}

/** Returns both changes as one. Of a field in both, that of `more` counts. */
function joined(change: DescriptionChange, more: DescriptionChange): DescriptionChange {
  if (!more.columns) return { ...change, ...more };
  const columns = new Map(Object.entries(change.columns ?? {}));
  for (const [name, fields] of Object.entries(more.columns))
    columns.set(name, { ...columns.get(name), ...fields });
  return { ...change, ...more, columns: Object.fromEntries(columns) };
}

async function warnIfMissing(context: Context, collection: EngineCollection, series: string): Promise<void> {
  const [first] = await collection.ls({ prefix: series, limit: 1, signal: context.signal });
  if (first !== series) context.warn(`There is no series "${series}" in "${collection.label}" yet.`);
}
