import { Schema } from "../../model/schema.ts";
import { defineCommand } from "../command.ts";
import { UsageError } from "../options/usage-error.ts";

export const create = defineCommand({
  name: "create",
  summary: "Make a collection",
  description: [
    "A column is its name and its type: `timestamp timestamp*`. A `*` marks the index, by which rows are sorted; there may be several. " +
      "Types are timestamp, date, float, int, str, bool, O (objects), f4, i2, u8, M8[ms] and so on; ` | zstd` and the like choose a codec.",
    "A collection that is there already with the same columns is left as it is.",
  ],
  arguments: [
    { name: "COLLECTION", about: "its name", completes: "collection" },
    { name: "COLUMN", about: "name and type of a column, as one word", many: true },
  ],
  options: { kv: { about: "one row a key: a new row replaces the old one, wherever it is written" } },
  examples: [
    { command: 'lakota create temperature "timestamp timestamp*" "value float"', about: "a value a time" },
    {
      command: 'lakota create sales "day date*" "shop str*" "amount float | zstd"',
      about: "an index of two columns, and a codec",
    },
  ],
  async run(context, [label, ...columns], { kv }) {
    const types = Object.fromEntries(columns.map(nameAndType));
    if (Object.keys(types).length < columns.length) throw new UsageError("two columns have the same name.");
    const schema = kv ? Schema.kv(types) : new Schema(types);
    const repo = await context.repo();
    const collection = await repo.createCollection(schema, label!, { signal: context.signal });
    if (context.globals.json) await context.json({ collection: collection.label, schema: schema.dump() });
    return 0;
  },
});

function nameAndType(text: string): [name: string, type: string] {
  const match = /^\s*(\S+)\s+(.+)$/.exec(text);
  if (match) return [match[1]!, match[2]!];
  throw new UsageError(
    `"${text}" is no column: write its name and its type as one word, as in "value float".`,
  );
}
