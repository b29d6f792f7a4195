import { Changelog } from "../changelog/changelog.ts";
import type { Segment } from "../changelog/segments.ts";
import type { CloneOptions } from "../model/api.ts";
import { castColumn } from "../model/cast.ts";
import { zeros } from "../model/column-rows.ts";
import { LakotaError } from "../model/errors.ts";
import type { Column, Schema } from "../model/schema.ts";
import type { EngineCollection } from "./collection.ts";
import { noteOf } from "./drafts.ts";
import { newFolder } from "./naming.ts";
import type { Registry } from "./registry.ts";
import { spill } from "./spill.ts";
import type { Workshop } from "./workshop.ts";
import { type Writer, writerOf } from "./writer.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** Where a column of the clone comes from: the position of an old one, or a value for every row. */
type Origin = { at: number } | { fill: unknown };

/** What {@link Repo.clone} does. The registry names the clone last, so that nobody finds one that is half there. */
export async function clone(
  from: EngineCollection,
  label: string,
  registry: Registry,
  workshop: Workshop,
  options: CloneOptions,
): Promise<EngineCollection> {
  const schema = options.schema ?? from.schema;
  const origins = originsOf(from.schema, schema, options);
  const signal = from.untilClosed(options.signal);
  if (await registry.get(label, { signal }))
    throw new LakotaError("exists", `There is a collection "${label}" already.`);
  const { commit } = await from.state(undefined, signal);
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
    const embedded = await spill(table, fills.embedded, commit.embedded, writer, signal);
    const changelog = new Changelog(workshop.store, path, schema, workshop.maxAge);
    await changelog.commit({ table, embedded, about: { ...noteOf(options.note) } }, [], signal);
  }
  return registry.adopt(label, path, schema, { signal });
}

/** @throws `invalid-schema` */
function originsOf(old: Schema, schema: Schema, { rename = {}, defaults = {} }: CloneOptions): Origin[] {
  const names = old.columns.map(({ name }) => (Object.hasOwn(rename, name) ? rename[name] : name));
  for (const name of Object.keys(rename)) old.column(name);
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

/** Constant chunks, each made once. */
class Fills {
  readonly embedded = new Map<string, Bytes>();
  readonly #schema: Schema;
  readonly #origins: readonly Origin[];
  readonly #writer: Writer;
  readonly #signal: AbortSignal;
  readonly #made = new Map<string, Promise<string>>();

  constructor(schema: Schema, origins: readonly Origin[], writer: Writer, signal: AbortSignal) {
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
    const value = "fill" in origin ? origin.fill : undefined;
    const data =
      value === undefined ? zeros(column.dtype, rows) : castColumn(column, new Array(rows).fill(value));
    const { digest, embedded } = await this.#writer.storeColumn(column, data, this.#signal);
    if (embedded) this.embedded.set(digest, embedded);
    return digest;
  }
}
