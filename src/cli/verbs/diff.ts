import { writeCsv } from "../../interchange/csv/write-csv.ts";
import type { RangeChange } from "../../model/api/history.ts";
import type { Frame } from "../../model/frame.ts";
import { defineCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { jsonRows, keyText } from "../output/frame-table.ts";
import { findTarget } from "../targets/labels.ts";
import { resolveRevision } from "../targets/revisions.ts";

const COLUMNS = ["kind", "series", "start", "stop", "closed"].map((name) => ({ name }));

export const diff = defineCommand({
  name: "diff",
  summary: "Show what changed between two revisions",
  description: [
    "A revision is `head` (the newest), an id from `rev` or a prefix of one, or a time: the last revision made up to then.",
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
    { command: "lakota diff temperature/Brussels 0198a3b4c5d 0198a3b7e01 --rows", about: "row by row" },
  ],
  async run(context, [label, from, to = "head"], { rows }) {
    const repo = await context.repo();
    const { signal } = context;
    const { collection, series } = await findTarget(repo, label!, { signal });
    const [a, b] = [
      await resolveRevision(collection, from!, signal),
      await resolveRevision(collection, to, signal),
    ];
    const options = { signal, ...(series !== undefined && { labels: [series] }), ...(rows && { rows }) };
    const changes = await collection.diff(a, b, options);
    const ranges = changes.map(({ kind, label, start, stop, closed }) => ({
      kind,
      series: label,
      start: keyText(collection.schema, start),
      stop: keyText(collection.schema, stop),
      closed,
    }));
    if (!rows) await context.table(COLUMNS, ranges);
    else if (context.globals.json)
      await context.out.line(`[${ranges.map((range, i) => withRows(range, changes[i]?.rows)).join()}]`);
    else await printRows(context, changes);
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

/** Builds JSON text, so that numbers keep all their digits. */
function withRows(change: object, rows: RangeChange["rows"]): string {
  const list = (frame: Frame | undefined) => (frame ? `[${[...jsonRows(frame)].join()}]` : "[]");
  return `${JSON.stringify(change).slice(0, -1)},"removed":${list(rows?.removed)},"added":${list(rows?.added)}}`;
}
