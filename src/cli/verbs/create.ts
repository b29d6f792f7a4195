import { typeTexts } from "../../interchange/table/infer-schema.ts";
import { Schema } from "../../model/schema.ts";
import { defineCommand } from "../command.ts";
import { TABLE_OPTION } from "../options/shared-options.ts";
import { UsageError } from "../options/usage-error.ts";
import { inWordsOfCommand } from "../output/command-words.ts";
import { typesText } from "../output/dialect-text.ts";

export const create = defineCommand({
  name: "create",
  summary: "Create a collection",
  description: [
    "A column is a name and a type: `timestamp timestamp*`. A `*` marks a column of the index, by which rows are sorted; there may be several. " +
      "Types are timestamp, date, float, int, str, bool, O (objects), f4, i2, u8, M8[ms] and so on; a suffix such as ` | zstd` chooses a codec.",
    "If the collection already exists with the same columns, nothing changes; a --table other than its own is an error.",
  ],
  arguments: [
    { name: "COLLECTION", about: "name of the collection", completes: "collection" },
    { name: "COLUMN", about: "name and type of a column, in one argument", many: true },
  ],
  options: {
    kv: { about: "key-value collection: one row per key, and writing a key replaces its row" },
    ...TABLE_OPTION,
  },
  examples: [
    {
      command: 'lakota create temperature "timestamp timestamp*" "value float"',
      about: "one value per time",
    },
    {
      command: 'lakota create --table tree sensors "timestamp timestamp*" "value float"',
      about: "room for a hundred thousand series",
    },
    {
      command: 'lakota create sales "day date*" "shop str*" "amount float | zstd"',
      about: "an index of two columns, and a codec",
    },
  ],
  async run(context, [label, ...columns], { kv, table }) {
    const types = Object.fromEntries(columns.map(nameAndType));
    if (Object.keys(types).length < columns.length) throw new UsageError("two columns have the same name.");
    const schema = kv ? Schema.kv(types) : new Schema(types);
    const repo = await context.repo();
    const options = { signal: context.signal, ...(table && { table }) };
    const exists = (await repo.ls({ signal: context.signal })).includes(label!.trim());
    const collection = await inWordsOfCommand(() => repo.createCollection(schema, label!, options));
    const done = exists
      ? `Nothing changed: ${collection.label} exists, with these columns.`
      : `Created ${collection.label}: ${typesText(typeTexts(collection.schema))}.`;
    await context.report(
      { collection: collection.label, schema: schema.dump(), table: collection.tableKind },
      context.forPeople(done),
    );
    return 0;
  },
});

function nameAndType(text: string): [name: string, type: string] {
  const match = /^\s*(\S+)\s+(.+)$/.exec(text);
  if (match) return [match[1]!, match[2]!];
  throw new UsageError(
    `"${text}" is not a column: write name and type in one argument, as in "value float".`,
  );
}
