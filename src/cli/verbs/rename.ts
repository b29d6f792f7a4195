import type { EngineCollection } from "../../engine/collection/collection.ts";
import { LakotaError } from "../../model/errors.ts";
import { defineCommand } from "../command.ts";
import { DRY_RUN, NOTE_OPTIONS, toNote } from "../options/shared-options.ts";
import { UsageError } from "../options/usage-error.ts";
import { existingRepo } from "../targets/existing-repo.ts";
import { findTarget } from "../targets/labels.ts";

export const rename = defineCommand({
  name: "rename",
  summary: "Rename a collection or a series",
  arguments: [
    { name: "FROM", about: "COLLECTION or COLLECTION/SERIES, in full", completes: "series" },
    { name: "TO", about: "the new name; for a series, with or without COLLECTION/" },
  ],
  options: { ...DRY_RUN, ...NOTE_OPTIONS },
  examples: [
    { command: "lakota rename temperature weather", about: "a collection" },
    { command: "lakota rename weather/Brussels weather/Uccle", about: "a series" },
    { command: "lakota rename weather rain --dry-run", about: "whether it would succeed" },
  ],
  async run(context, [from, to], { "dry-run": dryRun = false, ...options }) {
    const repo = await existingRepo(context);
    const { signal } = context;
    const { collection, series } = await findTarget(repo, from!, { exact: true, signal });
    const note = toNote(options);
    let revision: string | undefined;
    if (series === undefined) {
      ({ revision } = await repo.rename(collection.label, to!, { ...note, dryRun, signal }));
    } else {
      const label = newLabel(collection.label, to!);
      if (dryRun) await checkNames(collection, series, label, signal);
      else revision = (await collection.rename(series, label, { ...note, signal }))?.revision;
    }
    const done = dryRun ? "Would rename" : "Renamed";
    await context.report(
      { from, to, ...(revision && { revision }), dryRun },
      `${done} ${from} to ${to}${context.asRevision(revision)}.`,
    );
    return 0;
  },
});

/** Checks names for a dry run as the renaming itself would. @throws `not-found`, `exists` */
async function checkNames(
  collection: EngineCollection,
  series: string,
  to: string,
  signal: AbortSignal,
): Promise<void> {
  const labels = await collection.ls({ signal });
  if (!labels.includes(series))
    throw new LakotaError("not-found", `There is no series "${series}" in "${collection.label}".`);
  if (to !== series && labels.includes(to))
    throw new LakotaError("exists", `Series "${to}" already exists in "${collection.label}".`);
}

/** Returns the new label of a series within its collection. @throws UsageError if it is empty */
function newLabel(collection: string, to: string): string {
  const label = to.startsWith(`${collection}/`) ? to.slice(collection.length + 1) : to;
  if (label !== "") return label;
  throw new UsageError(`"${to}" is not a name for a series.`);
}
