import type { EngineCollection } from "../../engine/collection/collection.ts";
import type { EngineRepo } from "../../engine/repo/repo.ts";
import { writeFrames } from "../../interchange/files/write-frames.ts";
import { LakotaError } from "../../model/errors.ts";
import { defineCommand } from "../command.ts";
import { CSV_OPTIONS, SCHEMA_OPTIONS, toCsvOptions, toSchemaOptions } from "../options/csv-options.ts";
import { pageLengthOf } from "../options/page-length.ts";
import { RANGE_OPTIONS, toRangeOptions } from "../options/range-options.ts";
import { NOTE_OPTIONS, toNote } from "../options/shared-options.ts";
import { UsageError } from "../options/usage-error.ts";
import { bytesText, plural } from "../output/units.ts";
import { findTarget, needSeries } from "../targets/labels.ts";
import { openRows } from "../targets/open-rows.ts";

export const write = defineCommand({
  name: "write",
  summary: "Write CSV or Parquet into a series, as one revision",
  description: [
    "The first line names the columns, in any order. Rows have to be in the order of the index (or --sort). They replace what the series has from the first of them to the last; " +
      "--start and --stop widen that range. Any size is written in little memory, and becomes visible at the end, all or nothing.",
    "With --create, a collection that is not there is made, with the types that its first rows suggest.",
  ],
  arguments: [
    {
      name: "SERIES",
      about: "COLLECTION/SERIES, in full; a series that is not there is made",
      completes: "series",
    },
    {
      name: "FILE",
      about: "CSV (also gzipped) or Parquet, by its ending. Default: CSV on standard input",
      optional: true,
      completes: "file",
    },
  ],
  options: {
    create: { about: "make the collection, if it is not there, with the types found in the file" },
    ...SCHEMA_OPTIONS,
    ...CSV_OPTIONS,
    ...RANGE_OPTIONS,
    ...NOTE_OPTIONS,
  },
  examples: [
    { command: "lakota write temperature/Brussels < brussels.csv", about: "a file" },
    {
      command: "lakota write stocks/ACME acme.csv --create",
      about: "a file, and a collection made for it",
    },
    {
      command: 'lakota write sales/2026 sales.csv -d ";" --decimal , --time-zone Europe/Brussels',
      about: "as spreadsheets write it in some countries",
    },
  ],
  async run(context, [label, file], options) {
    const { signal, progress } = context;
    const { types, index, create, start, stop, closed } = options;
    if (!create && (types || index)) throw new UsageError("--types and --index need --create.");
    const repo = await context.repo();
    const place = await placeOf(repo, label!, create, signal);
    const known = place.collection?.schema;
    const source = await openRows(context, file, {
      ...toCsvOptions(options),
      ...(known ? { schema: known } : { ...toSchemaOptions(options) }),
      pageLength: pageLengthOf(known),
      signal,
      onProgress: ({ rows, bytes }) => progress.show(() => `${plural(rows, "row")}, ${bytesText(bytes)}`),
    });
    const { schema } = source;
    const collection = place.collection ?? (await repo.createCollection(schema, place.label, { signal }));
    const range = toRangeOptions(schema, { start, stop, closed });
    try {
      const rows = await collection.batch(
        (batch) => writeFrames(batch.series(place.series), schema, source.frames(), { ...range, signal }),
        { ...toNote(options), signal },
      );
      progress.clear();
      await context.report({ collection: collection.label, series: place.series, rows }, []);
    } catch (error) {
      if (!place.collection) await repo.delete(collection.label); // made for rows that never came
      throw error;
    }
    return 0;
  },
});

interface Place {
  label: string;
  series: string;
  collection: EngineCollection | undefined;
}

/** Where rows go: a collection that is there, or one that is to be made. */
async function placeOf(
  repo: EngineRepo,
  text: string,
  create: boolean | undefined,
  signal: AbortSignal,
): Promise<Place> {
  try {
    const { collection, series } = needSeries(await findTarget(repo, text, { exact: true, signal }));
    return { label: collection.label, series, collection };
  } catch (error) {
    if (!(error instanceof LakotaError) || error.code !== "not-found" || !create) throw error;
    const [label = "", ...rest] = text.split("/");
    const series = rest.join("/");
    if (series !== "") return { label, series, collection: undefined };
    throw new UsageError(`"${text}" names no series: write COLLECTION/SERIES.`);
  }
}
