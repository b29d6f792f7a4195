import { defineCommand } from "../command.ts";
import { DRY_RUN } from "../options/shared-options.ts";
import { parseUntil } from "../options/values.ts";
import { bytesText, plural } from "../output/units.ts";
import { ALL, COLLECTIONS, chosenCollections } from "../targets/collections.ts";
import { resolveMoment } from "../targets/revisions.ts";

export const trim = defineCommand({
  name: "trim",
  summary: "Forget old revisions",
  description: [
    "The newest state, and what is needed to merge several heads, is always kept. `gc` frees the chunks that only forgotten revisions referred to.",
  ],
  arguments: COLLECTIONS,
  options: {
    before: {
      short: "b",
      value: "TIME",
      parse: parseUntil,
      about:
        "forget revisions made before this time or revision, such as 2026-01-01, -30d, head~10. Default: 20 minutes ago",
    },
    ...ALL,
    ...DRY_RUN,
  },
  examples: [
    { command: "lakota trim temperature --before 2026-01-01", about: "keep the history of this year" },
    { command: "lakota trim --all --dry-run", about: "what would be forgotten in all collections" },
  ],
  async run(context, labels, { before, all, "dry-run": dryRun = false }) {
    const { signal } = context;
    const reports = [];
    const lines: string[] = [];
    for (const collection of await chosenCollections(context, labels, all)) {
      const until = await resolveMoment(collection, { before }, signal);
      const report = await collection.trim({ dryRun, signal, ...until });
      reports.push({ collection: collection.label, ...report, dryRun });
      const done = dryRun ? "would forget" : "forgot";
      const count = plural(report.removed.length, "revision");
      lines.push(`${collection.label}: ${done} ${count}, ${bytesText(report.bytes)}.`);
    }
    await context.report(reports, lines);
    return 0;
  },
});
