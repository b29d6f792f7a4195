import { defineCommand } from "../command.ts";
import { findTarget } from "../labels.ts";
import { NOTE_OPTIONS, toNote } from "../shared-options.ts";
import { UsageError } from "../usage-error.ts";

export const rename = defineCommand({
  name: "rename",
  summary: "Rename a collection or a series",
  arguments: [
    { name: "FROM", about: "COLLECTION or COLLECTION/SERIES, in full", completes: "series" },
    { name: "TO", about: "its new name; of a series, with or without its COLLECTION/" },
  ],
  options: NOTE_OPTIONS,
  examples: [
    { command: "lakota rename temperature weather", about: "a collection" },
    { command: "lakota rename weather/Brussels weather/Uccle", about: "a series" },
  ],
  async run(context, [from, to], options) {
    const repo = await context.repo();
    const { signal } = context;
    const { collection, series } = await findTarget(repo, from!, { exact: true, signal });
    const note = toNote(options);
    if (series === undefined) await repo.rename(collection.label, to!, { ...note, signal });
    else await collection.rename(series, newLabel(collection.label, to!), { ...note, signal });
    await context.report({ from, to }, `Renamed ${from} to ${to}.`);
    return 0;
  },
});

/** A series stays in its collection. */
function newLabel(collection: string, to: string): string {
  const label = to.startsWith(`${collection}/`) ? to.slice(collection.length + 1) : to;
  if (label !== "") return label;
  throw new UsageError(`"${to}" names no series.`);
}
