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
  summary: "Tell what differs between two revisions",
  description: [
    "A revision is `head` (the newest), an id of `rev` or the beginning of one, or a time: the last revision made until then.",
    "Ranges of the index are told, from the segment tables alone. With --rows the rows themselves are compared: `-` goes, `+` comes.",
  ],
  arguments: [
    { name: "LABEL", about: "COLLECTION or COLLECTION/SERIES", completes: "series" },
    { name: "FROM", about: "a revision" },
    { name: "TO", about: "a later one. Default: head", optional: true },
  ],
  options: { rows: { about: "read what changed, and tell the rows" } },
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
    const told = changes.map(({ kind, label, start, stop, closed }) => ({
      kind,
      series: label,
      start: keyText(collection.schema, start),
      stop: keyText(collection.schema, stop),
      closed,
    }));
    if (!rows) await context.table(COLUMNS, told);
    else if (context.globals.json)
      await context.out.line(`[${told.map((one, i) => withRows(one, changes[i]?.rows)).join()}]`);
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

/** As text, so that no digit of a number is lost. */
function withRows(change: object, rows: RangeChange["rows"]): string {
  const list = (frame: Frame | undefined) => (frame ? `[${[...jsonRows(frame)].join()}]` : "[]");
  return `${JSON.stringify(change).slice(0, -1)},"removed":${list(rows?.removed)},"added":${list(rows?.added)}}`;
}
