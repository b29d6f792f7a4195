import { defineCommand } from "../command.ts";
import { DRY_RUN, NOTE_OPTIONS, toNote } from "../options/shared-options.ts";
import { bytesText, plural } from "../output/units.ts";
import { ALL, COLLECTIONS, chosenCollections } from "../targets/collections.ts";

export const defrag = defineCommand({
  name: "defrag",
  summary: "Rewrite series of many short segments as few long ones",
  description: [
    "The rows stay the same. The old chunks are then needed by older revisions only; `trim` and then `gc` free them. " +
      "A dry run estimates the bytes of the new chunks from those of the old ones.",
  ],
  arguments: COLLECTIONS,
  options: { ...ALL, ...DRY_RUN, ...NOTE_OPTIONS },
  examples: [
    { command: "lakota defrag temperature", about: "all series of a collection" },
    { command: "lakota defrag --all --dry-run", about: "which series it would rewrite" },
  ],
  async run(context, labels, { all, "dry-run": dryRun = false, ...note }) {
    const { signal } = context;
    const reports = [];
    const lines: string[] = [];
    for (const collection of await chosenCollections(context, labels, all)) {
      const report = await collection.defrag({ dryRun, ...toNote(note), signal });
      reports.push({ collection: collection.label, ...report, dryRun });
      for (const { label, segments, was } of report.series) {
        const done = dryRun ? "would go" : "went";
        lines.push(
          `${collection.label}/${label}: ${done} from ${plural(was, "segment")} to ${String(segments)}.`,
        );
      }
      const { bytes, replaced } = report;
      lines.push(
        report.series.length === 0
          ? `${collection.label}: nothing to do.`
          : `${collection.label}: ${dryRun ? "would write about" : "wrote"} ${bytesText(bytes)}; only older revisions ` +
              `${dryRun ? "would need" : "need"} ${plural(replaced.chunks, "chunk")} (${bytesText(replaced.bytes)}) from then on${context.asRevision(report.revision)}.`,
      );
    }
    await context.report(reports, lines);
    return 0;
  },
});
