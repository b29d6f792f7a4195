import { defineCommand } from "../command.ts";
import { NOTE_OPTIONS, toNote } from "../options/shared-options.ts";
import { keyText, keyTexts } from "../output/frame-table.ts";
import { plural } from "../output/units.ts";
import { ALL, COLLECTIONS, chosenCollections } from "../targets/collections.ts";

export const merge = defineCommand({
  name: "merge",
  summary: "Join the heads of a collection into one",
  description: [
    "Concurrent writers leave several heads. Readers see the rows of all of them; a merge joins them into one. " +
      "Where two wrote the same range, the later one wins and a conflict is reported; the other stays readable in the history.",
  ],
  arguments: COLLECTIONS,
  options: { ...ALL, ...NOTE_OPTIONS },
  examples: [{ command: "lakota merge temperature", about: "for example after a pull" }],
  async run(context, labels, { all, ...note }) {
    const reports = [];
    const lines: string[] = [];
    for (const collection of await chosenCollections(context, labels, all)) {
      const { label, schema } = collection;
      const report = await collection.merge({ ...toNote(note), signal: context.signal });
      reports.push({
        collection: label,
        ...report,
        conflicts: report.conflicts.map(({ start, stop, ...conflict }) => ({
          ...conflict,
          start: keyTexts(schema, start),
          stop: keyTexts(schema, stop),
        })),
      });
      lines.push(
        report.revision === undefined
          ? `${label}: nothing to merge.`
          : `${label}: joined ${plural(report.heads.length, "head")} into ${report.revision}.`,
      );
      for (const { label: series, start, stop, kept, lost } of report.conflicts) {
        const range = `${keyText(schema, start)} to ${keyText(schema, stop)}`;
        lines.push(`  conflict in ${label}/${series}, ${range}: ${kept} overrides ${lost}.`);
      }
    }
    await context.report(reports, lines);
    return 0;
  },
});
