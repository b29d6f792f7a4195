import type { EngineCollection } from "../../engine/collection/collection.ts";
import type { EngineRepo } from "../../engine/repo/repo.ts";
import { defineCommand } from "../command.ts";
import type { Values } from "../options/options.ts";
import { NOTE_OPTIONS, toNote } from "../options/shared-options.ts";
import { keyText, keyTexts } from "../output/frame-table.ts";
import { plural } from "../output/units.ts";
import { ALL, COLLECTIONS, chosenCollections } from "../targets/collections.ts";
import { findDescriptionsOf } from "../targets/description-history.ts";

export const merge = defineCommand({
  name: "merge",
  summary: "Join the heads of a collection into one",
  description: [
    "Concurrent writers leave several heads. Readers see the rows of all of them; a merge joins them into one. " +
      "Where two wrote the same range, the later one wins and a conflict is reported; the other stays readable in the history.",
    "The descriptions of the collection are merged, too: of a field that two have changed, the later change wins.",
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
      const descriptions = await mergeDescriptions(await context.repo(), collection, note, context.signal);
      if (descriptions) {
        reports.push({ collection: label, descriptions: true, ...descriptions });
        lines.push(
          `descriptions of ${label}: joined ${plural(descriptions.heads.length, "head")} into ${descriptions.revision}.`,
        );
      }
      for (const { label: series, start, stop, kept, lost } of report.conflicts) {
        const range = `${keyText(schema, start)} to ${keyText(schema, stop)}`;
        lines.push(`  conflict in ${label}/${series}, ${range}: ${kept} overrides ${lost}.`);
      }
    }
    await context.report(reports, lines);
    return 0;
  },
});

/** Merges what describes a collection. Undefined if there is nothing to merge. */
async function mergeDescriptions(
  repo: EngineRepo,
  collection: EngineCollection,
  note: Values<typeof NOTE_OPTIONS>,
  signal: AbortSignal,
) {
  if (collection === repo.registry.collection) return undefined;
  const descriptions = await findDescriptionsOf(repo, collection, signal);
  const report = await descriptions?.merge({ ...toNote(note), signal });
  if (report?.revision === undefined) return undefined;
  const conflicts = report.conflicts.map(({ start, stop, ...conflict }) => ({
    ...conflict,
    start: keyTexts(descriptions!.schema, start),
    stop: keyTexts(descriptions!.schema, stop),
  }));
  return { ...report, conflicts };
}
