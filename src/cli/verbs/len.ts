import { defineCommand } from "../command.ts";
import { RANGE_OPTIONS, toRangeOptions } from "../options/range-options.ts";
import { MOMENT_OPTIONS } from "../options/shared-options.ts";
import { countText } from "../output/units.ts";
import { labelsAt } from "../targets/earlier-labels.ts";
import { existingRepo } from "../targets/existing-repo.ts";
import { findTarget } from "../targets/labels.ts";
import { resolveMoment } from "../targets/revisions.ts";

export const len = defineCommand({
  name: "len",
  also: ["length"],
  summary: "Count the rows of a series, or of all series of a collection",
  arguments: [{ name: "LABEL", about: "COLLECTION or COLLECTION/SERIES", completes: "series" }],
  options: {
    ...RANGE_OPTIONS,
    ...MOMENT_OPTIONS,
  },
  examples: [
    { command: "lakota len temperature", about: "rows of all series" },
    { command: "lakota len temperature/Brussels --start 2026-01-01", about: "rows of this year" },
  ],
  async run(context, [label], { before, at, ...range }) {
    const moment = { before, at };
    const repo = await existingRepo(context);
    const { signal } = context;
    const { collection, series } = await findTarget(repo, label!, { moment, signal });
    const earlier = await resolveMoment(collection, moment, signal);
    const labels = series === undefined ? await labelsAt(collection, earlier, signal) : [series];
    const options = {
      ...toRangeOptions(collection.schema, range),
      ...earlier,
      missing: "empty" as const, // another one may drop it in the meantime
      signal,
    };
    let rows = 0;
    for (const label of labels) rows += await collection.series(label).length(options);
    await context.out.line(context.isPretty && !context.globals.json ? countText(rows) : String(rows));
    return 0;
  },
});
