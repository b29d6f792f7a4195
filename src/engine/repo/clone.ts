import { Changelog } from "../../changelog/changelog.ts";
import {
  bySeries,
  type LabelRange,
  type LoadedSegments,
  loadAll,
  type Segment,
  type SegmentTable,
} from "../../changelog/segment-table.ts";
import { EMPTY_DIGEST } from "../../codecs/digest.ts";
import { encodeColumn } from "../../codecs/encode.ts";
import type { DryRunOptions } from "../../model/api/options.ts";
import type { CloneOptions, CloneReport } from "../../model/api/repo.ts";
import type { Bytes } from "../../model/bytes.ts";
import { castColumn } from "../../model/cast.ts";
import { checkCodecs } from "../../model/check-codecs.ts";
import type { ColumnData } from "../../model/column.ts";
import { zeros } from "../../model/column-rows.ts";
import { LakotaError } from "../../model/errors.ts";
import type { Column, Schema } from "../../model/schema.ts";
import type { EngineCollection } from "../collection/collection.ts";
import type { RepoContext } from "../collection/repo-context.ts";
import { sizesOf } from "../read/chunk-sizes.ts";
import { checkReferenced } from "../write/check-referenced.ts";
import { ChunkWriter } from "../write/chunk-writer.ts";
import { checkNote } from "../write/note.ts";
import { storeTable } from "../write/store-table.ts";
import { cloneDescriptions } from "./clone-descriptions.ts";
import { adoptCollection, newFolder } from "./create-collection.ts";
import { nameTaken } from "./name-taken.ts";
import type { Registry } from "./registry.ts";
import { checkTableKind } from "./table-kind-check.ts";

/**
 * Where a column of the clone comes from: a column of the original, by position, or one value for every
 * row.
 */
type Origin = { position: number } | { fill: unknown };

/**
 * Makes a collection that shares the chunks of another: {@link Repo.clone}. Registers it last, so that
 * readers never find a partial clone, or one without its descriptions.
 */
export async function clone(
  from: EngineCollection,
  label: string,
  registry: Registry,
  repo: RepoContext,
  options: CloneOptions & DryRunOptions,
): Promise<EngineCollection | CloneReport> {
  const schema = options.schema ?? from.schema;
  const origins = originsOf(from.schema, schema, options);
  const signal = from.untilClosed(options.signal);
  if (await registry.get(label, { signal })) throw nameTaken(label);
  const note = checkNote(options.note);
  const tableKind = options.table ?? from.tableKind;
  checkTableKind(tableKind);
  const writer = new ChunkWriter(repo);
  const { heads, commit } = await from.state(undefined, signal);
  if (options.dryRun) return report(from, label, commit.table, { schema, origins, repo, signal });
  const path = newFolder();
  if ((await commit.table.labels({ limit: 1 }, signal)).length > 0) {
    const fills = new Fills(schema, origins, writer, signal);
    const changelog = new Changelog(repo.store, path, schema, repo.maxAge, tableKind);
    const copied = schema === from.schema ? commit.table : new ClonedTable(commit.table, origins, fills);
    const table = await storeTable(copied, changelog, writer, signal);
    await checkReferenced(writer, from.changelog, heads, signal);
    await changelog.commit({ table, about: note }, [], signal);
    await repo.changed(changelog, signal);
  }
  await cloneDescriptions(from, { label, path, schema, repo }, options, signal);
  return adoptCollection(registry, { label, path, schema, tableKind }, { signal });
}

/** A table whose segments have the columns of the clone. */
class ClonedTable implements SegmentTable {
  readonly #original: SegmentTable;
  readonly #origins: readonly Origin[];
  readonly #fills: Fills;

  constructor(original: SegmentTable, origins: readonly Origin[], fills: Fills) {
    this.#original = original;
    this.#origins = origins;
    this.#fills = fills;
  }

  async load(labels: readonly string[], signal?: AbortSignal): Promise<LoadedSegments> {
    return this.#cloned(await this.#original.load(labels, signal));
  }

  async *parts(signal?: AbortSignal): AsyncIterable<LoadedSegments> {
    for await (const part of this.#original.parts(signal)) yield this.#cloned(part);
  }

  labels(range?: LabelRange, signal?: AbortSignal): Promise<string[]> {
    return this.#original.labels(range, signal);
  }

  files(labels: readonly string[], signal?: AbortSignal): Promise<string[]> {
    return this.#original.files(labels, signal);
  }

  async #cloned({ segments, embedded }: LoadedSegments): Promise<LoadedSegments> {
    const cloned = await Promise.all(
      segments.map(
        async (segment): Promise<Segment> => ({
          ...segment,
          digests: await Promise.all(
            this.#origins.map((origin, i) =>
              "position" in origin
                ? segment.digests[origin.position]!
                : this.#fills.digest(i, segment.length),
            ),
          ),
        }),
      ),
    );
    return { segments: cloned, embedded: new Map([...this.#fills.embedded, ...embedded]) };
  }
}

interface CloneContext {
  schema: Schema;
  origins: readonly Origin[];
  repo: RepoContext;
  signal: AbortSignal;
}

/** Describes the clone without making it: the result of a dry run. */
async function report(
  from: EngineCollection,
  to: string,
  table: SegmentTable,
  { schema, origins, repo, signal }: CloneContext,
): Promise<CloneReport> {
  const { segments, embedded } = await loadAll(table, signal);
  const positions = origins.flatMap((origin) => ("position" in origin ? [origin.position] : []));
  const digests = new Set(
    segments.flatMap((segment) => positions.map((position) => segment.digests[position]!)),
  );
  digests.delete(EMPTY_DIGEST);
  const files = [...digests].filter((digest) => !embedded.has(digest));
  const sizes = await sizesOf(files, repo.store, repo.concurrency, signal);
  const fills = origins.flatMap((origin, i) =>
    "fill" in origin ? [{ column: schema.columns[i]!, value: origin.fill }] : [],
  );
  const lengths = [...new Set(segments.map(({ length }) => length))];
  const made = fills.flatMap(({ column, value }) =>
    lengths.map(async (rows) => (await encodeColumn(filled(column, value, rows), column)).length),
  );
  const sum = (numbers: readonly number[]) => numbers.reduce((total, value) => total + value, 0);
  return {
    label: from.label,
    to,
    series: bySeries(segments).size,
    segments: segments.length,
    added: fills.map(({ column }) => column.name),
    bytes: sum(await Promise.all(made)),
    omitted: from.schema.columns
      .filter((_, position) => !positions.includes(position))
      .map(({ name }) => name),
    shared: {
      chunks: digests.size,
      bytes: sum([...digests].map((digest) => embedded.get(digest)?.length ?? sizes.get(digest) ?? 0)),
    },
  };
}

/**
 * Returns where each column of the clone comes from.
 *
 * @throws `invalid-schema`, `unsupported-codec`; `invalid-argument` for a column that does not exist; `invalid-frame`
 *   for a default of the wrong type
 */
function originsOf(old: Schema, schema: Schema, { rename = {}, defaults = {} }: CloneOptions): Origin[] {
  const names = old.columns.map(({ name }) => (Object.hasOwn(rename, name) ? rename[name] : name));
  for (const name of Object.keys(rename)) old.column(name);
  for (const [name, value] of Object.entries(defaults)) filled(schema.column(name), value, 1);
  const origins = schema.columns.map((column): Origin => {
    const position = names.indexOf(column.name);
    const original = old.columns[position];
    if (original) {
      if (!sameKind(original, column))
        throw new LakotaError(
          "invalid-schema",
          `Column "${column.name}" differs from "${original.name}" in type, codec or index. A clone shares the chunks of the original, so these must be equal.`,
        );
      return { position };
    }
    if (column.index)
      throw new LakotaError(
        "invalid-schema",
        `Index column "${column.name}" is new. A clone has the same index columns as the original.`,
      );
    checkCodecs(column);
    return { fill: Object.hasOwn(defaults, column.name) ? defaults[column.name] : undefined };
  });
  const omitted = old.index.find(
    (column) => !origins.some((origin) => "position" in origin && old.columns[origin.position] === column),
  );
  if (omitted)
    throw new LakotaError("invalid-schema", `The clone's schema lacks the index column "${omitted.name}".`);
  if (schema.kind !== old.kind)
    throw new LakotaError(
      "invalid-schema",
      "The clone and the original must be of the same kind: key-value, or not.",
    );
  return origins;
}

const sameKind = (a: Column, b: Column): boolean =>
  a.dtype.name === b.dtype.name && a.index === b.index && a.codecs.join() === b.codecs.join();

const filled = (column: Column, value: unknown, rows: number): ColumnData =>
  value === undefined ? zeros(column.dtype, rows) : castColumn(column, new Array(rows).fill(value));

/** Creates the constant chunks of new columns, one per column and length. */
class Fills {
  readonly embedded = new Map<string, Bytes>();
  readonly #schema: Schema;
  readonly #origins: readonly Origin[];
  readonly #writer: ChunkWriter;
  readonly #signal: AbortSignal;
  readonly #digests = new Map<string, Promise<string>>();

  constructor(schema: Schema, origins: readonly Origin[], writer: ChunkWriter, signal: AbortSignal) {
    this.#schema = schema;
    this.#origins = origins;
    this.#writer = writer;
    this.#signal = signal;
  }

  digest(i: number, rows: number): Promise<string> {
    const key = `${i} ${rows}`;
    const digest = this.#digests.get(key) ?? this.#make(i, rows);
    this.#digests.set(key, digest);
    return digest;
  }

  async #make(i: number, rows: number): Promise<string> {
    const column = this.#schema.columns[i]!;
    const origin = this.#origins[i]!;
    const data = filled(column, "fill" in origin ? origin.fill : undefined, rows);
    const { digest, embedded } = await this.#writer.storeColumn(column, data, this.#signal);
    if (embedded) this.embedded.set(digest, embedded);
    return digest;
  }
}
