import type { EngineCollection } from "../../engine/collection/collection.ts";
import { typeTexts } from "../../interchange/table/infer-schema.ts";
import type { LsOptions } from "../../model/api/collection.ts";
import { compareStrings } from "../../model/key.ts";
import type { Schema } from "../../model/schema.ts";
import { defineCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { MOMENT_OPTIONS } from "../options/shared-options.ts";
import { UsageError } from "../options/usage-error.ts";
import { type Moment, wholeNumber } from "../options/values.ts";
import { collectionsBefore } from "../targets/earlier-collections.ts";
import { labelsAt } from "../targets/earlier-labels.ts";
import { existingRepo } from "../targets/existing-repo.ts";
import { findTarget, needCollection } from "../targets/labels.ts";
import { resolveMoment } from "../targets/revisions.ts";

export const ls = defineCommand({
  name: "ls",
  summary: "List collections, or the series of one",
  arguments: [
    {
      name: "COLLECTION",
      about: "list its series instead of the collections",
      optional: true,
      completes: "collection",
    },
  ],
  options: {
    long: {
      short: "l",
      about: "also show columns and the number of series, or the number of rows of each series. Slower",
    },
    prefix: { short: "p", value: "TEXT", about: "only names that begin with this" },
    after: { value: "NAME", about: "only names that sort after this one: the last one of the page before" },
    limit: { value: "COUNT", parse: wholeNumber, about: "maximum number of names" },
    tag: { value: "TEXT", about: "only series that are described with this tag: see lakota help describe" },
    text: { value: "TEXT", about: "only series with this text in their name or description" },
    ...MOMENT_OPTIONS,
  },
  examples: [
    { command: "lakota ls", about: "collections" },
    { command: "lakota ls --long --pretty temperature", about: "series with their numbers of rows" },
    { command: "lakota ls stocks --tag retail", about: "series by a tag that `lakota describe` gave them" },
    { command: "lakota ls --prefix sensor-1 --limit 20 sensors", about: "some of very many series" },
    { command: "lakota ls sensors --at 2026-01-01", about: "also series that were dropped or renamed since" },
  ],
  async run(context, [label], { long, tag, text, before, at, ...range }) {
    const repo = await existingRepo(context);
    const { signal } = context;
    if (label !== undefined) {
      const collection = needCollection(await findTarget(repo, label, { signal }));
      return listSeries(context, collection, { ...range, tag, text }, { before, at }, long);
    }
    for (const [name, given] of Object.entries({ tag, text }))
      if (given !== undefined)
        throw new UsageError(`--${name} finds series: name the collection whose series to search.`);
    const earlier = await resolveMoment(repo.registry.collection, { before, at }, signal);
    const collections =
      earlier.before === undefined ? undefined : await collectionsBefore(repo, earlier.before, signal);
    const labels = inRange(collections ? [...collections.keys()] : await repo.ls({ signal }), range);
    if (!long) return print(context, "collection", labels);
    const rows = await Promise.all(
      labels.map(async (collection) => {
        const opened = collections?.get(collection) ?? (await repo.collection(collection, { signal }));
        const series = await labelsAt(opened, earlier, signal);
        return { collection, series: series.length, columns: columnsText(opened.schema) };
      }),
    );
    await context.table([{ name: "collection" }, { name: "series" }, { name: "columns" }], rows);
    return 0;
  },
});

async function print(context: Context, name: string, labels: readonly string[]): Promise<number> {
  if (context.globals.json) await context.json(labels);
  else
    await context.table(
      [{ name }],
      labels.map((label) => ({ [name]: label })),
    );
  return 0;
}

async function listSeries(
  context: Context,
  collection: EngineCollection,
  range: NameRange,
  moment: Moment,
  long = false,
): Promise<number> {
  const { signal, progress } = context;
  const earlier = await resolveMoment(collection, moment, signal);
  const isEarlier = earlier.before !== undefined;
  if (isEarlier && (range.tag !== undefined || range.text !== undefined))
    throw new UsageError("--tag and --text search the current descriptions: leave out --before and --at.");
  const labels = isEarlier
    ? inRange(await labelsAt(collection, earlier, signal), range)
    : await collection.ls({ signal, ...range });
  if (!long) return print(context, "series", labels);
  const rows = [];
  for (const series of labels) {
    // It may have been dropped meanwhile.
    rows.push({
      series,
      rows: await collection.series(series).length({ ...earlier, missing: "empty", signal }),
    });
    progress.show(() => `${rows.length} of ${labels.length} series`);
  }
  progress.clear();
  await context.table([{ name: "series" }, { name: "rows" }], rows);
  return 0;
}

/** Which names are listed. */
type NameRange = Pick<LsOptions, "prefix" | "after" | "limit" | "tag" | "text">;

/** Returns the sorted names that are in a range. */
const inRange = (names: readonly string[], { prefix = "", after, limit }: NameRange): string[] =>
  names
    .filter((name) => name.startsWith(prefix) && (after === undefined || compareStrings(name, after) > 0))
    .slice(0, limit);

const columnsText = (schema: Schema) =>
  Object.entries(typeTexts(schema))
    .map(([name, type]) => `${name} ${type}`)
    .join(", ");
