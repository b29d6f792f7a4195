import { toHex } from "../codecs/sha1.ts";
import type { CallOptions, ChangeOptions } from "../model/api.ts";
import { LakotaError } from "../model/errors.ts";
import { compareStrings } from "../model/key.ts";
import { Schema, type SchemaDump } from "../model/schema.ts";
import { CacheStore } from "../stores/cache.ts";
import { hashedPath } from "./chunks.ts";
import { EngineCollection } from "./collection.ts";
import type { Workshop } from "./workshop.ts";

const FOLDER = hashedPath("0".repeat(40));
/** The series of the registry that holds the collections. */
const NAMESPACE = "collection";

interface Meta {
  path: string;
  schema: SchemaDump;
}

/** The collection at the zero hash that lists the others: one row a collection. */
export class Registry {
  readonly #workshop: Workshop;
  readonly #rows: EngineCollection;
  readonly #open = new Map<string, EngineCollection>();

  constructor(workshop: Workshop) {
    this.#workshop = workshop;
    this.#rows = new EngineCollection("registry", Schema.kv({ label: "str*", meta: "O" }), FOLDER, workshop);
  }

  async ls(options: CallOptions): Promise<string[]> {
    return [...(await this.#read(options)).keys()].sort(compareStrings);
  }

  async get(label: string, options: CallOptions): Promise<EngineCollection | undefined> {
    const meta = (await this.#read(options)).get(label);
    return meta && this.#collection(label, meta);
  }

  async create(schema: Schema, label: string, options: CallOptions): Promise<EngineCollection> {
    await this.#rows.refresh(options);
    const there = (await this.get(label, options)) ?? (await this.#make(label, schema, options));
    if (there.schema.equals(schema)) return there;
    throw new LakotaError("exists", `A collection "${label}" exists, with another schema:\n${there.schema}`);
  }

  /** Where each collection has its files. Asks the store. */
  async paths(options: CallOptions): Promise<Map<string, string>> {
    await this.#rows.refresh(options);
    return new Map([...(await this.#read(options))].map(([label, { path }]) => [label, path]));
  }

  /** @throws `not-found`, `exists` */
  async rename(label: string, to: string, options: ChangeOptions): Promise<void> {
    await this.#rows.refresh(options);
    const rows = await this.#read(options);
    const meta = rows.get(label);
    if (!meta) throw this.missing(label, rows.keys());
    if (label === to) return;
    if (rows.has(to)) throw taken(to);
    await this.#rows.batch(async (batch) => {
      await batch.series(NAMESPACE).delete({ keys: [label] });
      await batch.series(NAMESPACE).write({ label: [to], meta: [meta] });
    }, options);
  }

  /** Takes a collection out; its files stay. @throws `not-found` */
  async remove(label: string, options: CallOptions): Promise<void> {
    await this.#rows.series(NAMESPACE).delete({ ...options, keys: [label] });
  }

  /** Names a collection whose files are there already. @throws `exists` */
  async adopt(label: string, path: string, schema: Schema, options: CallOptions): Promise<EngineCollection> {
    await this.#rows.refresh(options);
    const named = (await this.get(label, options)) ?? (await this.#name(label, path, schema, options));
    if (named.path !== path) throw taken(label);
    return named;
  }

  #make(label: string, schema: Schema, options: CallOptions): Promise<EngineCollection> {
    const path = newFolder();
    const { store } = this.#workshop;
    if (store instanceof CacheStore) store.expectNothing(`${path}/`);
    return this.#name(label, path, schema, options);
  }

  /** Names a collection. Answers the one that has the name: others may have given it to another meanwhile. */
  async #name(
    label: string,
    path: string,
    schema: Schema,
    { signal }: CallOptions,
  ): Promise<EngineCollection> {
    const { claimName } = await import("./late.ts");
    const meta: Meta = { path, schema: schema.dump() };
    const isOwn = (value: unknown) => toMeta(label, value).path === path;
    const ending = this.#rows.untilClosed(signal);
    return this.#collection(
      label,
      toMeta(label, await claimName(this.#rows, NAMESPACE, [label, meta], isOwn, ending)),
    );
  }

  missing(label: string, labels: Iterable<string>): LakotaError {
    const there = [...labels].sort(compareStrings).slice(0, 20).join(", ");
    const advice = there ? `It has: ${there}.` : "It has none: is the address right?";
    return new LakotaError("not-found", `No collection "${label}" in ${this.#workshop.store.uri}. ${advice}`);
  }

  /** Forgets all listings: what was written past this repo's own collections is seen at once. */
  refresh(): void {
    for (const { changelog } of [this.#rows, ...this.#open.values()]) changelog.refresh();
  }

  /** The registry's own rows and history. */
  get rows(): EngineCollection {
    return this.#rows;
  }

  async #read(options: CallOptions): Promise<Map<string, Meta>> {
    const frame = await this.#rows.series(NAMESPACE).read(options);
    const labels = frame.get("label");
    const metas = frame.get("meta");
    return new Map(Array.from(labels, (label, i) => [String(label), toMeta(String(label), metas[i])]));
  }

  /** One object a collection, so that all share its listing and its commits. */
  #collection(label: string, { path, schema }: Meta): EngineCollection {
    const key = JSON.stringify([label, path, schema]);
    const known = this.#open.get(key);
    if (known) return known;
    const collection = new EngineCollection(label, Schema.load(schema), path, this.#workshop);
    this.#open.set(key, collection);
    return collection;
  }
}

/** Random, not derived from the label: a collection keeps its folder when it is renamed. */
export const newFolder = (): string => hashedPath(toHex(crypto.getRandomValues(new Uint8Array(20))));

const taken = (label: string) => new LakotaError("exists", `There is a collection "${label}" already.`);

function toMeta(label: string, value: unknown): Meta {
  const meta = value as Partial<Meta> | null;
  if (typeof meta?.path === "string" && typeof meta.schema?.columns === "object") return meta as Meta;
  throw new LakotaError(
    "corrupt",
    `The registry's entry of "${label}" is damaged: it lacks a path or a schema.`,
  );
}
