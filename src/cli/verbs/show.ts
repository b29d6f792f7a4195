import { ROOT } from "../../changelog/revision.ts";
import type { EngineCollection } from "../../engine/collection/collection.ts";
import { withDetails } from "../../engine/collection/log-details.ts";
import type { Revision, RevisionDetails } from "../../model/api/history.ts";
import { defineCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { isRevisionId, REVISION_FORMS } from "../options/revision-name.ts";
import { UsageError } from "../options/usage-error.ts";
import { keyText, keyTexts } from "../output/frame-table.ts";
import { safeText } from "../output/safe-text.ts";
import { descriptionsOf, fieldChanges, fieldLine } from "../targets/description-history.ts";
import { existingRepo } from "../targets/existing-repo.ts";
import { type Found, findById, findHistory } from "../targets/history-target.ts";
import { registryChanges } from "../targets/registry-changes.ts";
import { withRenames } from "../targets/renames.ts";
import { countedChanges } from "../targets/revision-changes.ts";
import { changeLine, headLines, registryLine, renamedLine } from "../targets/revision-lines.ts";
import { resolveRevision } from "../targets/revisions.ts";

export const show = defineCommand({
  name: "show",
  summary: "Show a revision: who made it, when, and which ranges of which series it changed",
  description: [
    `A revision is ${REVISION_FORMS}.`,
    "Lists the ranges that differ from its parents, with the number of rows in each before and after. `diff --rows` prints the rows. A series that was renamed is shown as renamed, and of the registry, the collections that were created, renamed and deleted.",
    "With --descriptions, a revision is one of the descriptions of COLLECTION, and its fields are shown as they were before and after.",
  ],
  arguments: [
    {
      name: "COLLECTION",
      about:
        "the collection that it belongs to, or `registry`; or just the id of a revision, which is searched for in all collections",
      completes: "collection",
    },
    { name: "REVISION", about: "a revision. Default: head", optional: true },
  ],
  options: {
    descriptions: { about: "a revision of the descriptions of COLLECTION: see lakota help describe" },
  },
  examples: [
    { command: "lakota show temperature", about: "the newest revision" },
    { command: "lakota show temperature head~1", about: "the one before it" },
    { command: 'lakota show temperature "@{2 hours ago}"', about: "the newest one as of two hours ago" },
    { command: "lakota show 0198a3b4c5d", about: "by the first digits of its id" },
    {
      command: "lakota show temperature --descriptions",
      about: "who described the collection last, and how",
    },
  ],
  async run(context, [label, name], { descriptions: wantsDescriptions }) {
    const found = await find(context, label!, name, wantsDescriptions);
    if (found.descriptions)
      return showDescribed(context, found.collection.label, found.descriptions, found.revision);
    const { collection, revision } = found;
    const { signal } = context;
    const log = await collection.log({ signal });
    const details = await detailsOf(collection, revision, context);
    const known = revision.parents.filter((parent) => log.some(({ id }) => id === parent));
    const counted = await countedChanges(collection, known, revision.id, signal);
    const changes = await withRenames(collection, known, revision.id, counted, signal);
    const isRegistry = collection === (await context.repo()).registry.collection;
    const collections = isRegistry
      ? await registryChanges(collection, known, revision.id, signal)
      : undefined;
    if (context.globals.json) {
      const ranges = changes.map((change) =>
        change.kind === "renamed"
          ? change
          : {
              ...change,
              start: keyTexts(collection.schema, change.start),
              stop: keyTexts(collection.schema, change.stop),
            },
      );
      await context.json({ collection: collection.label, ...details, collections, changes: ranges });
      return 0;
    }
    const isCut = known.length === 0 && revision.parents.some((parent) => parent !== ROOT);
    const lines = [
      ...headLines(collection.label, details),
      ...(collections ?? []).map(registryLine),
      ...(collections?.length ? [] : changes).map((change) =>
        change.kind === "renamed"
          ? renamedLine(change)
          : changeLine(change, (key) => keyText(collection.schema, key)),
      ),
      ...(changes.length === 0 ? ["It changes no rows."] : []),
      ...(isCut ? ["Its parents were trimmed, so all rows count as new."] : []),
    ];
    for (const line of lines) await context.out.line(safeText(line));
    return 0;
  },
});

/** Shows a revision of descriptions. */
async function showDescribed(
  context: Context,
  label: string,
  descriptions: EngineCollection,
  revision: Revision,
): Promise<number> {
  const { rows: _, bytes: __, ...details } = await detailsOf(descriptions, revision, context);
  const changes = await fieldChanges(descriptions, revision, context.signal);
  if (context.globals.json) {
    await context.json({ collection: label, descriptions: true, ...details, changes });
    return 0;
  }
  const lines = [
    ...headLines(label, details, "descriptions of"),
    ...changes.map(fieldLine),
    ...(changes.length === 0 ? ["It changes no field."] : []),
  ];
  for (const line of lines) await context.out.line(safeText(line));
  return 0;
}

async function find(
  context: Context,
  label: string,
  name: string | undefined,
  wantsDescriptions = false,
): Promise<Found> {
  const repo = await existingRepo(context);
  const { signal } = context;
  const labels = await repo.ls({ signal });
  const isId = name === undefined && isRevisionId(label) && !labels.some((one) => one.startsWith(label));
  if (isId) return findById(repo, label, signal);
  if (name === undefined && /[~^@{]/.test(label) && !labels.includes(label))
    throw new UsageError(`show needs COLLECTION before ${label}: each has its own history.`);
  const collection = await findHistory(repo, label, { signal });
  if (!wantsDescriptions)
    return { collection, revision: await resolveRevision(collection, name ?? "head", signal) };
  if (collection === repo.registry.collection) throw new UsageError("the registry has no descriptions.");
  const descriptions = await descriptionsOf(repo, collection, signal);
  return { collection, descriptions, revision: await resolveRevision(descriptions, name ?? "head", signal) };
}

/** Reads the file of one revision. */
async function detailsOf(
  collection: Found["collection"],
  revision: Revision,
  { signal }: Context,
): Promise<Revision & RevisionDetails> {
  return (await withDetails(collection.changelog, [revision], signal))[0]!;
}
