import { LakotaError } from "../../model/errors.ts";
import { defineCommand } from "../command.ts";
import { RANGE_OPTIONS, toRangeOptions } from "../options/range-options.ts";
import { DRY_RUN, NOTE_OPTIONS, toNote } from "../options/shared-options.ts";
import { UsageError } from "../options/usage-error.ts";
import { bytesText, plural } from "../output/units.ts";
import { existingRepo } from "../targets/existing-repo.ts";
import { findTarget } from "../targets/labels.ts";

export const deleteCommand = defineCommand({
  name: "delete",
  also: ["del"],
  summary: "Delete a collection, a series, or a range of its rows",
  description: [
    "A deleted series or range stays in the history until that is trimmed. A collection is deleted with its history. " +
      "In both cases `gc` frees the space.",
  ],
  arguments: [{ name: "LABEL", about: "COLLECTION or COLLECTION/SERIES, in full", completes: "series" }],
  options: { ...RANGE_OPTIONS, ...DRY_RUN, ...NOTE_OPTIONS },
  examples: [
    { command: "lakota delete temperature/Ghent", about: "a series" },
    {
      command: "lakota delete temperature/Brussels --start 2026-03-01 --stop 2026-04-01",
      about: "the rows of March",
    },
    { command: "lakota delete temperature --dry-run", about: "what deleting a collection would remove" },
  ],
  async run(context, [label], { "dry-run": dryRun = false, author, message, ...rangeOptions }) {
    const repo = await existingRepo(context);
    const { signal } = context;
    const { collection, series } = await findTarget(repo, label!, { exact: true, signal });
    const range = toRangeOptions(collection.schema, rangeOptions);
    const isRange = Object.keys(range).length > 0;
    const done = dryRun ? "Would delete" : "Deleted";
    if (series === undefined) {
      if (isRange)
        throw new UsageError("a range can only be deleted from a series: write COLLECTION/SERIES.");
      const report = await repo.delete(collection.label, { dryRun, signal });
      await context.report(
        { collection: collection.label, ...report, dryRun },
        `${done} the collection ${collection.label}: ${plural(report.revisions, "revision")}, ${bytesText(report.bytes)}. gc frees its chunks.`,
      );
      return 0;
    }
    if (!(await collection.ls({ signal })).includes(series))
      throw new LakotaError("not-found", `There is no series "${series}" in "${collection.label}".`);
    const rows = await collection.series(series).length({ ...range, signal });
    const note = toNote({ author, message });
    const change = { ...note, signal };
    const stored = dryRun
      ? undefined
      : await (isRange
          ? collection.series(series).delete({ ...range, ...change })
          : collection.drop(series, change));
    const revision = stored?.revision;
    const what = isRange ? "from" : "with the series";
    await context.report(
      { collection: collection.label, series, rows, ...(revision && { revision }), dryRun },
      `${done} ${plural(rows, "row")} ${what} ${collection.label}/${series}${context.asRevision(revision)}.`,
    );
    return 0;
  },
});
