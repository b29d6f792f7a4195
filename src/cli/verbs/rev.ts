import type { EngineCollection } from "../../engine/collection/collection.ts";
import type { Revision, RevisionDetails } from "../../model/api/history.ts";
import { defineCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { UsageError } from "../options/usage-error.ts";
import { wholeNumber } from "../options/values.ts";
import { descriptionsOf, type FieldChange, fieldChanges, fieldName } from "../targets/description-history.ts";
import { existingRepo } from "../targets/existing-repo.ts";
import { findHistory } from "../targets/history-target.ts";
import { isRevision } from "../targets/revisions.ts";

export const rev = defineCommand({
  name: "rev",
  also: ["log"],
  summary: "List revisions, oldest first",
  description: [
    "A head is a revision without children. Several heads come from concurrent writers; `merge` joins them. " +
      "`rows` and `bytes` count what a revision added; revisions by Python have no `bytes`. " +
      "With --json, each is an object as `log({ details: true })` of the library returns it: `id`, `parents`, `epoch`, `time`, `head`, `note`, `rows`, `bytes`.",
    "Descriptions have a history of their own: --descriptions lists it, with the fields that each revision changed (with --json: `changes`, with `before` and `after`).",
  ],
  arguments: [
    {
      name: "COLLECTION",
      about:
        "its history. Default: that of the registry, which records collections created, renamed and deleted",
      optional: true,
      completes: "collection",
    },
  ],
  options: {
    limit: {
      short: "l",
      value: "COUNT",
      parse: wholeNumber,
      about: "only this many of the newest revisions",
    },
    extended: { short: "e", about: "also show parents" },
    descriptions: { about: "the history of the descriptions of COLLECTION, its columns and its series" },
  },
  examples: [
    { command: "lakota rev temperature --pretty", about: "who wrote when, and how much" },
    { command: "lakota rev temperature --limit 1 --json", about: "the newest revision" },
    { command: "lakota log temperature --descriptions", about: "who described what" },
  ],
  async run(context, [label], { limit, extended, descriptions }) {
    const repo = await existingRepo(context);
    const { signal } = context;
    const collection =
      label === undefined ? repo.registry.collection : await findHistory(repo, label, { signal });
    if (descriptions) {
      if (label === undefined || collection === repo.registry.collection)
        throw new UsageError("--descriptions needs COLLECTION: the registry has no description.");
      const history = await descriptionsOf(repo, collection, signal);
      return describedLog(context, history, { limit, extended });
    }
    const log = await collection.log({ details: true, signal, ...(limit !== undefined && { limit }) });
    if (context.globals.json) {
      await context.json(log);
      return 0;
    }
    const rows = log.map((revision) => ({
      ...rowOf(revision),
      rows: revision.rows,
      bytes: revision.bytes,
    }));
    const columns = [{ name: "rows" }, { name: "bytes", bytes: true }];
    await context.table([...FIRST, ...columns, ...NOTE, ...(extended ? PARENTS : [])], rows);
    return 0;
  },
});

const FIRST = ["revision", "time", "head"].map((name) => ({ name }));
const NOTE = ["author", "message"].map((name) => ({ name }));
const PARENTS = [{ name: "parents" }];

const rowOf = ({ id, time, head, note, parents }: Revision & RevisionDetails) => ({
  revision: id,
  time,
  head,
  author: note?.author,
  message: note?.message,
  parents: parents.some(isRevision) ? parents : ["none"],
});

/** Prints the history of descriptions. */
async function describedLog(
  context: Context,
  descriptions: EngineCollection,
  { limit, extended = false }: { limit: number | undefined; extended: boolean | undefined },
): Promise<number> {
  const { signal } = context;
  const log = await descriptions.log({ details: true, signal, ...(limit !== undefined && { limit }) });
  const changed: FieldChange[][] = [];
  for (const revision of log) changed.push(await fieldChanges(descriptions, revision, signal));
  if (context.globals.json) {
    // Its rows are not those of the collection.
    await context.json(log.map(({ rows: _, bytes: __, ...one }, i) => ({ ...one, changes: changed[i] })));
    return 0;
  }
  const rows = log.map((revision, i) => ({ ...rowOf(revision), changed: changedText(changed[i]!) }));
  await context.table([...FIRST, { name: "changed" }, ...NOTE, ...(extended ? PARENTS : [])], rows);
  return 0;
}

/** Fields named in a row. */
const MAX_NAMED = 4;

function changedText(changes: readonly FieldChange[]): string {
  const names = changes.slice(0, MAX_NAMED).map(fieldName);
  return [...names, ...(changes.length > MAX_NAMED ? [`${changes.length - MAX_NAMED} more`] : [])].join(", ");
}
