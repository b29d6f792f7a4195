import { writeCsv } from "../../interchange/csv/write-csv.ts";
import type { Frame } from "../../model/frame.ts";
import { defineCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { RANGE_OPTIONS, toRangeOptions } from "../options/range-options.ts";
import { MOMENT_OPTIONS } from "../options/shared-options.ts";
import { UsageError } from "../options/usage-error.ts";
import { list, wholeNumber } from "../options/values.ts";
import { FrameTable, jsonRows } from "../output/frame-table.ts";
import { plural } from "../output/units.ts";
import { existingRepo } from "../targets/existing-repo.ts";
import { findTarget, needSeries } from "../targets/labels.ts";
import { isExpression, readFrames, reduceFrames } from "../targets/read-frames.ts";
import { resolveMoment } from "../targets/revisions.ts";

export const read = defineCommand({
  name: "read",
  summary: "Print the rows of a series as CSV",
  description: [
    "Rows are printed in the order of the index. They are streamed; memory use is bounded. Times are UTC. " +
      "On a terminal, or with --pretty: an aligned table. With --json: one JSON object per line.",
  ],
  arguments: [
    {
      name: "SERIES",
      about: "COLLECTION/SERIES; each may be abbreviated to an unambiguous prefix",
      completes: "series",
    },
    {
      name: "COLUMN",
      about:
        "only these columns; or expressions, such as 'floor(timestamp, \"D\")' and 'max(value)', also in Python Lakota's notation",
      optional: true,
      many: true,
    },
  ],
  options: {
    ...RANGE_OPTIONS,
    mask: {
      short: "m",
      also: ["where"],
      value: "EXPRESSION",
      about: "only the rows for which this is true, such as 'close > 100 and volume < 5e4'",
    },
    columns: { value: "NAME,…", parse: list, about: "the same as COLUMN…, in one argument" },
    limit: { short: "l", value: "ROWS", parse: wholeNumber, about: "maximum number of rows" },
    offset: { short: "o", value: "ROWS", parse: wholeNumber, about: "number of rows to skip first" },
    tail: {
      short: "t",
      value: "ROWS",
      parse: wholeNumber,
      about: "only this many rows at the end of the range",
    },
    ...MOMENT_OPTIONS,
    paginate: {
      short: "p",
      value: "ROWS",
      parse: wholeNumber,
      about: "rows read at a time. Default: 100,000",
    },
    "no-header": { about: "omit the line of column names" },
  },
  examples: [
    { command: "lakota read temperature/Brussels > brussels.csv", about: "the whole series" },
    { command: "lakota read temperature/Brussels --tail 10 --pretty", about: "the newest rows" },
    {
      command: "lakota read temperature/Brussels value --start 2026-03-01 --stop 2026-04-01",
      about: "one column of March",
    },
    {
      command:
        "lakota read temperature/Brussels 'floor(timestamp, \"D\") as day' 'max(value) as top' --where 'value > 0'",
      about: "the highest value above 0 of each day",
    },
    {
      command: "lakota read temperature/Brussels --before 2026-01-01T12:00",
      about: "the state at that time",
    },
  ],
  async run(context, [label, ...names], options) {
    const repo = await existingRepo(context);
    const { signal } = context;
    const { start, stop, closed, mask, columns = names, limit, offset, tail, before, at, paginate } = options;
    const moment = { before, at };
    const { collection, series } = needSeries(await findTarget(repo, label!, { moment, signal }));
    const range = {
      ...toRangeOptions(collection.schema, { start, stop, closed }),
      ...(mask !== undefined && { where: mask }),
      ...(await resolveMoment(collection, moment, signal)),
      skip: offset,
      limit,
      signal,
    };
    const isReduced = columns.some((column) => isExpression(collection.schema, column));
    if (isReduced && tail !== undefined)
      throw new UsageError(
        "--tail cannot be combined with expressions: it counts rows of the series. Give a range with --start instead.",
      );
    const frames = isReduced
      ? reduceFrames(collection.series(series), { ...range, columns })
      : readFrames(collection.series(series), {
          ...range,
          ...(columns.length > 0 && { columns }),
          tail,
          pageLength: paginate || undefined,
        });
    await print(context, frames, !options["no-header"]);
    return 0;
  },
});

async function print(context: Context, frames: AsyncIterable<Frame>, header: boolean): Promise<void> {
  const { out, progress, globals, isPretty } = context;
  if (globals.json) {
    for await (const frame of counted(context, frames))
      await out.write([...jsonRows(frame)].map((line) => `${line}\n`).join(""));
  } else if (isPretty) {
    const table = new FrameTable();
    for await (const frame of counted(context, frames)) await out.write(table.add(frame));
  } else for await (const text of writeCsv(counted(context, frames), { header })) await out.write(text);
  progress.clear();
}

/** Shows the number of rows as progress, unless the rows themselves go to the terminal. */
async function* counted({ progress, out }: Context, frames: AsyncIterable<Frame>): AsyncGenerator<Frame> {
  let rows = 0;
  for await (const frame of frames) {
    yield frame;
    rows += frame.length;
    if (!out.isTerminal) progress.show(() => plural(rows, "row"));
  }
}
