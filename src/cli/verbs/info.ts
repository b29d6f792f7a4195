import type { EngineCollection } from "../../engine/collection/collection.ts";
import { typeTexts } from "../../interchange/table/infer-schema.ts";
import type { CollectionDescription } from "../../model/api/description.ts";
import { defineCommand } from "../command.ts";
import { MOMENT_OPTIONS } from "../options/shared-options.ts";
import { safeText } from "../output/safe-text.ts";
import type { Row } from "../output/table.ts";
import { existingRepo } from "../targets/existing-repo.ts";
import { findTarget } from "../targets/labels.ts";
import { resolveMoment } from "../targets/revisions.ts";

export const info = defineCommand({
  name: "info",
  summary: "Show what a collection, its columns and its series are: their types and descriptions",
  description: [
    "A row is one field: of the collection, of a column, or of a series. With --json, the output has the descriptions only, in the form that `lakota describe --file` takes.",
  ],
  arguments: [
    { name: "COLLECTION", about: "COLLECTION or COLLECTION/SERIES", completes: "series" },
    { name: "SERIES", about: "only these series of it", optional: true, many: true },
  ],
  options: {
    all: { short: "a", about: "also all series that have a description" },
    ...MOMENT_OPTIONS,
  },
  examples: [
    { command: "lakota info stocks", about: "the collection and its columns" },
    { command: "lakota info stocks/ACME", about: "one series" },
    { command: "lakota info stocks --all --json > stocks.json", about: "all descriptions, as a file" },
  ],
  async run(context, [label, ...more], { all = false, ...moment }) {
    const { signal } = context;
    const repo = await existingRepo(context);
    const { collection, series } = await findTarget(repo, label!, { moment, signal });
    const earlier = await resolveMoment(collection, moment, signal);
    const labels = series === undefined ? more : [series, ...more];
    const found = await collection.info({ series: all ? "all" : labels, ...earlier, signal });
    const shown = labels.length > 0 && !all ? { series: found.series ?? {} } : found;
    const bare = shown === found ? [] : labels.filter((name) => !shown.series?.[name]);
    if (context.globals.json) await context.json(shown);
    else if (context.out.isTerminal && bare.length > 0 && bare.length === labels.length)
      for (const name of bare)
        await context.out.line(
          safeText(
            `${name} has no description. \`lakota describe ${collection.label}/${name} --title …\` gives it one.`,
          ),
        );
    else
      await context.table(
        [{ name: "of" }, { name: "name" }, { name: "field" }, { name: "value" }],
        [...(shown === found ? collectionRows(collection, found) : []), ...rowsOf("series", shown.series)],
      );
    return 0;
  },
});

function collectionRows({ label, schema }: EngineCollection, description: CollectionDescription): Row[] {
  const { columns, series: _, ...own } = description;
  const described = new Map(Object.entries(columns ?? {}));
  const typed = Object.entries(typeTexts(schema)).map(
    ([name, type]) => [name, { type, ...described.get(name) }] as const,
  );
  return [...rowsOf("collection", { [label]: own }), ...rowsOf("column", Object.fromEntries(typed))];
}

const rowsOf = (of: string, described: Readonly<Record<string, object | undefined>> = {}): Row[] =>
  Object.entries(described).flatMap(([name, fields]) =>
    Object.entries(fields ?? {}).map(([field, value]) => ({ of, name, field, value })),
  );
