import { Changelog } from "../../changelog/changelog.ts";
import type { Commit } from "../../changelog/commit.ts";
import { labelsOf, type Segment } from "../../changelog/segment-table.ts";
import { EMPTY_DIGEST } from "../../codecs/digest.ts";
import { encodeColumn } from "../../codecs/encode.ts";
import type { DryRunOptions } from "../../model/api/options.ts";
import type { CloneOptions, CloneReport } from "../../model/api/repo.ts";
import type { Bytes } from "../../model/bytes.ts";
import { castColumn } from "../../model/cast.ts";
import type { ColumnData } from "../../model/column.ts";
import { zeros } from "../../model/column-rows.ts";
import { LakotaError } from "../../model/errors.ts";
import type { Column, Schema } from "../../model/schema.ts";
import type { EngineCollection } from "../collection/collection.ts";
import type { RepoContext } from "../collection/repo-context.ts";
import { sizesOf } from "../read/chunk-sizes.ts";
import { type ChunkWriter, writerOf } from "../write/chunk-writer.ts";
import { checkNote } from "../write/collection-draft.ts";
import { embedChunks } from "../write/embedding.ts";
import type { Registry } from "./registry.ts";
import { newFolder } from "./create-collection.ts";

/** Where a column of the clone comes from: the position of an old one, or a value for every row. */
type Origin = { at: number } | { fill: unknown };

/** What {@link Repo.clone} does. The registry names the clone last, so that nobody finds one that is half there. */
export async function clone(
  from: EngineCollection,
  label: string,
  registry: Registry,
  workshop: RepoContext,
  options: CloneOptions & DryRunOptions,
): Promise<EngineCollection | CloneReport> {
  const schema = options.schema ?? from.schema;
  const origins = originsOf(from.schema, schema, options);
  const signal = from.untilClosed(options.signal);
  if (await registry.get(label, { signal }))
    throw new LakotaError("exists", `There is a collection "${label}" already.`);
  const note = checkNote(options.note);
  const { commit } = await from.state(undefined, signal);
  if (options.dryRun) return report(from, label, commit, { schema, origins, workshop, signal });
  const path = newFolder();
  if (commit.table.length > 0) {
    const writer = writerOf(workshop);
    const fills = new Fills(schema, origins, writer, signal);
    const table = await Promise.all(
      commit.table.map(
        async (segment): Promise<Segment> => ({
          ...segment,
          digests: await Promise.all(
            origins.map((origin, i) =>
              "at" in origin ? segment.digests[origin.at]! : fills.digest(i, segment.length),
            ),
          ),
        }),
      ),
    );
    const embedded = await embedChunks(table, fills.embedded, commit.embedded, writer, signal);
    const changelog = new Changelog(workshop.store, path, schema, workshop.maxAge);
    await changelog.commit({ table, embedded, about: note }, [], signal);
  }
  return registry.adopt(label, path, schema, { signal });
}

interface Wanted {
  schema: Schema;
  origins: readonly Origin[];
  workshop: RepoContext;
  signal: AbortSignal;
}

/** What a clone would be. */
async function report(
  from: EngineCollection,
  to: string,
  { table, embedded }: Commit,
  { schema, origins, workshop, signal }: Wanted,
): Promise<CloneReport> {
  const kept = origins.flatMap((origin) => ("at" in origin ? [origin.at] : []));
  const digests = new Set(table.flatMap((segment) => kept.map((at) => segment.digests[at]!)));
  digests.delete(EMPTY_DIGEST);
  const files = [...digests].filter((digest) => !embedded.has(digest));
  const sizes = await sizesOf(files, workshop.store, workshop.concurrency, signal);
  const fills = origins.flatMap((origin, i) =>
    "fill" in origin ? [{ column: schema.columns[i]!, value: origin.fill }] : [],
  );
  const lengths = [...new Set(table.map(({ length }) => length))];
  const made = fills.flatMap(({ column, value }) =>
    lengths.map(async (rows) => (await encodeColumn(filled(column, value, rows), column)).length),
  );
  const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
  return {
    label: from.label,
    to,
    series: labelsOf(table).length,
    segments: table.length,
    added: fills.map(({ column }) => column.name),
    bytes: sum(await Promise.all(made)),
    omitted: from.schema.columns.filter((_, at) => !kept.includes(at)).map(({ name }) => name),
    shared: {
      chunks: digests.size,
      bytes: sum([...digests].map((digest) => embedded.get(digest)?.length ?? sizes.get(digest) ?? 0)),
    },
  };
}

/** @throws `invalid-schema`; `invalid-argument` for a column that is not there; `invalid-frame` for a default that cannot be */
function originsOf(old: Schema, schema: Schema, { rename = {}, defaults = {} }: CloneOptions): Origin[] {
  const names = old.columns.map(({ name }) => (Object.hasOwn(rename, name) ? rename[name] : name));
  for (const name of Object.keys(rename)) old.column(name);
  for (const [name, value] of Object.entries(defaults)) filled(schema.column(name), value, 1);
  const origins = schema.columns.map((column): Origin => {
    const at = names.indexOf(column.name);
    const before = old.columns[at];
    if (before) {
      if (!sameKind(before, column))
        throw new LakotaError(
          "invalid-schema",
          `Column "${column.name}" has another type, codec or index mark than "${before.name}" has. A clone shares chunks, so it has to be the same.`,
        );
      return { at };
    }
    if (column.index)
      throw new LakotaError(
        "invalid-schema",
        `Index column "${column.name}" is new. A clone has the index that the original has.`,
      );
    return { fill: Object.hasOwn(defaults, column.name) ? defaults[column.name] : undefined };
  });
  const lost = old.index.find(
    (column) => !origins.some((origin) => "at" in origin && old.columns[origin.at] === column),
  );
  if (lost)
    throw new LakotaError("invalid-schema", `The clone's schema lacks the index column "${lost.name}".`);
  if (schema.kind !== old.kind)
    throw new LakotaError(
      "invalid-schema",
      "A clone of a key-value collection is one too, and of another collection is none.",
    );
  return origins;
}

const sameKind = (a: Column, b: Column): boolean =>
  a.dtype.name === b.dtype.name && a.index === b.index && a.codecs.join() === b.codecs.join();

const filled = (column: Column, value: unknown, rows: number): ColumnData =>
  value === undefined ? zeros(column.dtype, rows) : castColumn(column, new Array(rows).fill(value));

/** Constant chunks, each made once. */
class Fills {
  readonly embedded = new Map<string, Bytes>();
  readonly #schema: Schema;
  readonly #origins: readonly Origin[];
  readonly #writer: ChunkWriter;
  readonly #signal: AbortSignal;
  readonly #made = new Map<string, Promise<string>>();

  constructor(schema: Schema, origins: readonly Origin[], writer: ChunkWriter, signal: AbortSignal) {
    this.#schema = schema;
    this.#origins = origins;
    this.#writer = writer;
    this.#signal = signal;
  }

  digest(i: number, rows: number): Promise<string> {
    const key = `${i} ${rows}`;
    const made = this.#made.get(key) ?? this.#make(i, rows);
    this.#made.set(key, made);
    return made;
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
