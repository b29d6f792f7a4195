import { LakotaError } from "../../model/errors.ts";
import { defineCommand } from "../command.ts";
import { parseRevisionName, REVISION_FORMS } from "../options/revision-name.ts";
import { DRY_RUN, NOTE_OPTIONS, toNote } from "../options/shared-options.ts";
import { keyTexts } from "../output/frame-table.ts";
import { plural } from "../output/units.ts";
import { existingRepo } from "../targets/existing-repo.ts";
import { findHistory } from "../targets/history-target.ts";
import { countedChanges } from "../targets/revision-changes.ts";
import { resolveRevision } from "../targets/revisions.ts";

export const revert = defineCommand({
  name: "revert",
  summary: "Make the state of an earlier revision the current one",
  description: [
    "The history stays: the state becomes a new revision on top of all heads, so a revert can be reverted. " +
      "Unlike `git revert`, which undoes one commit, it goes back to a state: `head~1` undoes the newest revision, and `head~3` the newest three.",
    "Of a merge, head~1 is the latest parent, and what only the other parents wrote is undone, too. Where a collection has several heads, merge them first, or name a revision by its id.",
    `A revision is ${REVISION_FORMS}.`,
  ],
  arguments: [
    {
      name: "COLLECTION",
      about: "full name of a collection, or `registry`, which lists the collections",
      completes: "collection",
    },
    { name: "REVISION", about: "the revision whose state, with what it wrote, becomes the current one" },
  ],
  options: { ...DRY_RUN, ...NOTE_OPTIONS },
  examples: [
    { command: "lakota revert temperature head~1 -m undo", about: "undo the newest revision" },
    { command: 'lakota revert temperature "@{yesterday}" --dry-run', about: "which ranges would change" },
  ],
  async run(context, [label, name], { "dry-run": dryRun = false, ...note }) {
    const repo = await existingRepo(context);
    const { signal } = context;
    const collection = await findHistory(repo, label!, { exact: true, signal });
    const heads = (await collection.log({ signal })).filter(({ head }) => head).map(({ id }) => id);
    const { base } = parseRevisionName(name!);
    if ("head" in base && heads.length > 1) throw severalHeads(collection.label, heads.length, name!);
    const { id: to, time } = await resolveRevision(collection, name!, signal);
    const changes = await countedChanges(collection, heads, to, signal);
    const report = dryRun ? undefined : await collection.revert(to, { ...toNote(note), signal });
    const ranges = changes.map(({ start, stop, ...change }) => ({
      ...change,
      start: keyTexts(collection.schema, start),
      stop: keyTexts(collection.schema, stop),
    }));
    const state = `the state of ${time.toISOString()}`;
    const series = plural(new Set(changes.map((change) => change.label)).size, "series", "series");
    const what = `${plural(changes.length, "range")} of ${series}`;
    await context.report(
      { collection: collection.label, to, revision: report?.revision, changes: ranges, dryRun },
      dryRun
        ? `Would revert ${collection.label} to ${state} (${to}): ${what}.`
        : report
          ? `Reverted ${collection.label} to ${state}: ${what}, as revision ${report.revision}.`
          : `Nothing changed: ${collection.label} has ${state} already.`,
    );
    return 0;
  },
});

function severalHeads(label: string, count: number, name: string): LakotaError {
  const others = count > 2 ? "the others" : "the other one";
  return new LakotaError(
    "invalid-argument",
    `${label} has ${count} heads, so ${name} would also undo what ${others} wrote. ` +
      `Run \`lakota merge${label === "registry" ? "" : ` ${label}`}\` first, or name a revision by its id.`,
  );
}
