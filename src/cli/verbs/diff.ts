import { writeCsv } from "../../interchange/csv/write-csv.ts";
import type { RangeChange } from "../../model/api/history.ts";
import type { Frame } from "../../model/frame.ts";
import type { Schema } from "../../model/schema.ts";
import { defineCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { REVISION_FORMS } from "../options/revision-name.ts";
import { jsonRows, keyText, keyTexts } from "../output/frame-table.ts";
import { existingRepo } from "../targets/existing-repo.ts";
import { findTarget } from "../targets/labels.ts";
import { resolveRevision } from "../targets/revisions.ts";

const COLUMNS = ["kind", "series", "start", "stop", "closed"].map((name) => ({ name }));

export const diff = defineCommand({
  name: "diff",
  summary: "Show what changed between two revisions",
  description: [
    `A revision is ${REVISION_FORMS}.`,
    "Prints the ranges of the index that changed, from the segment tables alone. With --rows, compares the rows: `-` for removed ones, `+` for added ones.",
  ],
  arguments: [
    { name: "LABEL", about: "COLLECTION or COLLECTION/SERIES", completes: "series" },
    { name: "FROM", about: "a revision" },
    { name: "TO", about: "a later revision. Default: head", optional: true },
  ],
  options: { rows: { about: "read the ranges that changed, and print the rows" } },
  examples: [
    { command: "lakota diff temperature 2026-03-01 head", about: "what has changed since then" },
    { command: "lakota diff temperature head~1", about: "what the newest revision has changed" },
    { command: "lakota diff temperature/Brussels 0198a3b4c5d 0198a3b7e01 --rows", about: "row by row" },
  ],
  async run(context, [label, from, to = "head"], { rows }) {
    const repo = await existingRepo(context);
    const { signal } = context;
    const { collection, series } = await findTarget(repo, label!, { signal });
    const [a, b] = [
      await resolveRevision(collection, from!, signal),
      await resolveRevision(collection, to, signal),
    ];
    const options = { signal, ...(series !== undefined && { labels: [series] }), ...(rows && { rows }) };
    const changes = await collection.diff(a, b, options);
    const { schema } = collection;
    if (context.globals.json)
      await context.out.line(`[${changes.map((change) => jsonOf(schema, change)).join()}]`);
    else if (rows) await printRows(context, changes);
    else {
      const ranges = changes.map(({ kind, label, start, stop, closed }) => ({
        kind,
        series: label,
        start: keyText(schema, start),
        stop: keyText(schema, stop),
        closed,
      }));
      await context.table(COLUMNS, ranges);
    }
    return 0;
  },
});

async function printRows({ out }: Context, changes: readonly RangeChange[]): Promise<void> {
  for (const { label, rows } of changes) {
    if (!rows) continue;
    await out.line(`@ ${label}`);
    await printFrame(rows.removed, "-");
    await printFrame(rows.added, "+");
  }
  async function printFrame(frame: Frame, sign: string) {
    for await (const text of writeCsv(frame, { header: false }))
      for (const line of text.split("\n")) if (line !== "") await out.line(sign + line);
  }
}

/** Builds JSON text with the names of the API, in which numbers keep all their digits. */
function jsonOf(schema: Schema, { rows, start, stop, ...change }: RangeChange): string {
  const range = { ...change, start: keyTexts(schema, start), stop: keyTexts(schema, stop) };
  if (!rows) return JSON.stringify(range);
  const list = (frame: Frame) => `[${[...jsonRows(frame)].join()}]`;
  const { removed, added } = rows;
  return `${JSON.stringify(range).slice(0, -1)},"rows":{"removed":${list(removed)},"added":${list(added)}}}`;
}
