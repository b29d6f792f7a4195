import { defineCommand } from "../command.ts";
import { wholeNumber } from "../options/values.ts";
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
  },
  examples: [
    { command: "lakota rev temperature --pretty", about: "who wrote when, and how much" },
    { command: "lakota rev temperature --limit 1 --json", about: "the newest revision" },
  ],
  async run(context, [label], { limit, extended }) {
    const repo = await existingRepo(context);
    const { signal } = context;
    const collection =
      label === undefined ? repo.registry.collection : await findHistory(repo, label, { signal });
    const log = await collection.log({ details: true, signal, ...(limit !== undefined && { limit }) });
    if (context.globals.json) {
      await context.json(log);
      return 0;
    }
    const rows = log.map(({ id, time, head, rows, bytes, note, parents }) => ({
      revision: id,
      time,
      head,
      rows,
      bytes,
      author: note?.author,
      message: note?.message,
      ...(extended && { parents: parents.some(isRevision) ? parents : ["none"] }),
    }));
    const names = ["revision", "time", "head", "rows"].map((name) => ({ name }));
    await context.table(
      [
        ...names,
        { name: "bytes", bytes: true },
        { name: "author" },
        { name: "message" },
        ...(extended ? [{ name: "parents" }] : []),
      ],
      rows,
    );
    return 0;
  },
});
