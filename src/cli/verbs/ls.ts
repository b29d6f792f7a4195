import type { EngineCollection } from "../../engine/collection/collection.ts";
import { typeTexts } from "../../interchange/table/infer-schema.ts";
import type { Schema } from "../../model/schema.ts";
import { defineCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { findTarget, needCollection } from "../targets/labels.ts";

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
  },
  examples: [
    { command: "lakota ls", about: "collections" },
    { command: "lakota ls --long --pretty temperature", about: "series with their numbers of rows" },
  ],
  async run(context, [label], { long }) {
    const repo = await context.repo();
    const { signal } = context;
    if (label !== undefined) {
      const collection = needCollection(await findTarget(repo, label, { signal }));
      return listSeries(context, collection, long);
    }
    const labels = await repo.ls({ signal });
    if (!long) return print(context, "collection", labels);
    const rows = await Promise.all(
      labels.map(async (collection) => {
        const opened = await repo.collection(collection, { signal });
        const series = await opened.ls({ signal });
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

async function listSeries(context: Context, collection: EngineCollection, long = false): Promise<number> {
  const { signal, progress } = context;
  const labels = await collection.ls({ signal });
  if (!long) return print(context, "series", labels);
  const rows = [];
  for (const series of labels) {
    rows.push({ series, rows: await collection.series(series).length({ signal }) });
    progress.show(() => `${rows.length} of ${labels.length} series`);
  }
  progress.clear();
  await context.table([{ name: "series" }, { name: "rows" }], rows);
  return 0;
}

const columnsText = (schema: Schema) =>
  Object.entries(typeTexts(schema))
    .map(([name, type]) => `${name} ${type}`)
    .join(", ");
