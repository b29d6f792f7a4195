import type { EngineCollection } from "../../engine/collection/collection.ts";
import type { EngineRepo } from "../../engine/repo/repo.ts";
import { dialectOf } from "../../interchange/csv/dialect.ts";
import { writeFrames } from "../../interchange/files/write-frames.ts";
import { LakotaError } from "../../model/errors.ts";
import { defineCommand } from "../command.ts";
import { CSV_OPTIONS, SCHEMA_OPTIONS, toCsvOptions, toSchemaOptions } from "../options/csv-options.ts";
import { pageLengthOf } from "../options/page-length.ts";
import { RANGE_OPTIONS, toRangeOptions } from "../options/range-options.ts";
import { NOTE_OPTIONS, toNote } from "../options/shared-options.ts";
import { UsageError } from "../options/usage-error.ts";
import { inWordsOfCommand } from "../output/command-words.ts";
import { dialectText, typesText } from "../output/dialect-text.ts";
import { bytesText, plural } from "../output/units.ts";
import { firstWrite } from "../targets/created-collection.ts";
import { checkExists } from "../targets/existing-repo.ts";
import { findTarget, needSeries } from "../targets/labels.ts";
import { openRows } from "../targets/open-rows.ts";

export const write = defineCommand({
  name: "write",
  summary: "Write CSV or Parquet into a series, as one revision",
  description: [
    "The first line names the columns, in any order. Rows must be sorted by the index (or use --sort). They replace the rows of the series from the first to the last of them; " +
      "--start and --stop widen that range. Input is streamed, so memory use is bounded; the rows become visible at the end, all or none.",
    "The delimiter, the decimal mark and the format of times are detected from the first rows, and printed if they are not the usual ones. Where the rows leave open which is meant, as in 02/03/2026, the error names the option to set.",
    "With --create, a missing collection is created, with types inferred from the first rows. It remains if a later row is invalid.",
  ],
  arguments: [
    {
      name: "SERIES",
      about: "full COLLECTION/SERIES; a missing series is created",
      completes: "series",
    },
    {
      name: "FILE",
      about: "CSV (also gzipped) or Parquet, by its extension. Default: CSV from standard input",
      optional: true,
      completes: "file",
    },
  ],
  options: {
    create: { about: "create the collection if it does not exist, with types inferred from the file" },
    ...SCHEMA_OPTIONS,
    ...CSV_OPTIONS,
    ...RANGE_OPTIONS,
    ...NOTE_OPTIONS,
  },
  examples: [
    { command: "lakota write temperature/Brussels < brussels.csv", about: "a file" },
    {
      command: "lakota write stocks/ACME acme.csv --create",
      about: "a file, creating its collection",
    },
    {
      command: "lakota write sales/2026 sales.csv --time-zone Europe/Brussels --format 'day=%d/%m/%Y'",
      about: "times in local time, with the day first",
    },
  ],
  async run(context, [label, file], options) {
    const { signal, progress } = context;
    const { types, index, create, start, stop, closed } = options;
    if (!create && (types || index)) throw new UsageError("--types and --index need --create.");
    const repo = await context.repo();
    const target = await targetOf(repo, label!, create, signal);
    const existing = target.collection?.schema;
    const csvOptions = toCsvOptions(options);
    const open = () =>
      openRows(context, file, {
        ...csvOptions,
        ...(existing ? { schema: existing } : { ...toSchemaOptions(options) }),
        pageLength: pageLengthOf(existing),
        signal,
        onProgress: ({ rows, bytes }) => progress.show(() => `${plural(rows, "row")}, ${bytesText(bytes)}`),
      });
    const source = await inWordsOfCommand(open);
    const { schema, types: found } = source;
    const collection = target.collection ?? (await repo.createCollection(schema, target.label, { signal }));
    const range = toRangeOptions(schema, { start, stop, closed });
    const writeRows = async () => {
      let rows = 0;
      const stored = await collection.batch(
        async (batch) => {
          const series = batch.series(target.series);
          rows = await writeFrames(series, schema, source.frames(), { ...range, signal });
        },
        { ...toNote(options), signal },
      );
      return { rows, revision: stored?.revision };
    };
    const { rows, revision } = await firstWrite(
      context,
      collection.label,
      () => inWordsOfCommand(writeRows),
      async () => !existing,
    );
    progress.clear();
    const dialect = dialectOf(source);
    const detected = dialect && dialectText(dialect, csvOptions);
    const report = { collection: collection.label, series: target.series, rows, revision, dialect };
    await context.report(existing ? report : { ...report, types: found }, [
      ...(detected ? [`Detected: ${detected}.`] : []),
      ...(existing ? [] : [`Created ${collection.label}: ${typesText(found)}.`]),
      ...context.forPeople(writtenText(rows, revision)),
    ]);
    return 0;
  },
});

const writtenText = (rows: number, revision: string | undefined): string =>
  revision === undefined
    ? "Nothing changed: the same rows are there already."
    : `Wrote ${plural(rows, "row")}, as revision ${revision}.`;

interface WriteTarget {
  label: string;
  series: string;
  /** Undefined: to be created. */
  collection: EngineCollection | undefined;
}

/** Finds the series to write to. With `create`, its collection need not exist. */
async function targetOf(
  repo: EngineRepo,
  text: string,
  create: boolean | undefined,
  signal: AbortSignal,
): Promise<WriteTarget> {
  try {
    const { collection, series } = needSeries(await findTarget(repo, text, { exact: true, signal }));
    return { label: collection.label, series, collection };
  } catch (error) {
    if (!(error instanceof LakotaError) || error.code !== "not-found") throw error;
    if (!create) {
      await checkExists(repo, signal);
      throw error;
    }
    const [label = "", ...rest] = text.split("/");
    const series = rest.join("/");
    if (series !== "") return { label, series, collection: undefined };
    throw new UsageError(`"${text}" does not name a series: write COLLECTION/SERIES.`);
  }
}
