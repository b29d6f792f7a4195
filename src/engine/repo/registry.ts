import type { CallOptions } from "../../model/api/options.ts";
import type { RenameOptions, RenameReport } from "../../model/api/repo.ts";
import { LakotaError } from "../../model/errors.ts";
import { compareStrings } from "../../model/key.ts";
import { Schema, type SchemaDump } from "../../model/schema.ts";
import type { Store } from "../../stores/store.ts";
import { EngineCollection } from "../collection/collection.ts";
import type { RepoContext } from "../collection/repo-context.ts";
import { hashedPath } from "../../model/layout.ts";

const FOLDER = hashedPath("0".repeat(40));
/** The series of the registry that holds the collections. */
export const NAMESPACE = "collection";

/** What it says of a collection. */
export interface CollectionEntry {
  path: string;
  schema: SchemaDump;
}

/** The collection at the zero hash that lists the others: one row a collection. */
export class Registry {
  readonly #workshop: RepoContext;
  readonly #rows: EngineCollection;
  readonly #opened = new Map<string, EngineCollection>();

  constructor(workshop: RepoContext) {
    this.#workshop = workshop;
    this.#rows = new EngineCollection("registry", Schema.kv({ label: "str*", meta: "O" }), FOLDER, workshop);
  }

  async ls(options: CallOptions): Promise<string[]> {
    return [...(await this.read(options)).keys()].sort(compareStrings);
  }

  async get(label: string, options: CallOptions): Promise<EngineCollection | undefined> {
    const meta = (await this.read(options)).get(label);
    return meta && this.open(label, meta);
  }

  async create(schema: Schema, label: string, options: CallOptions): Promise<EngineCollection> {
    return (await import("../collection/operations.ts")).createCollection(this, schema, label, options);
  }

  /** Where each collection has its files. Asks the store. */
  async paths(options: CallOptions): Promise<Map<string, string>> {
    await this.#rows.refresh(options);
    return new Map([...(await this.read(options))].map(([label, { path }]) => [label, path]));
  }

  /** @throws `not-found`, `exists` */
  async rename(label: string, to: string, options: RenameOptions): Promise<RenameReport> {
    return (await import("../collection/operations.ts")).renameCollection(this, label, to, options);
  }

  /** Takes a collection out; its files stay. @throws `not-found` */
  async remove(label: string, options: CallOptions): Promise<void> {
    await this.#rows.series(NAMESPACE).delete({ ...options, keys: [label] });
  }

  /** Names a collection whose files are there already. @throws `exists` */
  async adopt(label: string, path: string, schema: Schema, options: CallOptions): Promise<EngineCollection> {
    return (await import("../collection/operations.ts")).adoptCollection(
      this,
      { label, path, schema },
      options,
    );
  }

  missing(label: string, labels: Iterable<string>): LakotaError {
    const there = [...labels].sort(compareStrings).slice(0, 20).join(", ");
    const advice = there ? `It has: ${there}.` : "It has none: is the address right?";
    return new LakotaError("not-found", `No collection "${label}" in ${this.#workshop.store.uri}. ${advice}`);
  }

  /** Forgets all listings: what was written past this repo's own collections is seen at once. */
  refresh(): void {
    for (const { changelog } of [this.#rows, ...this.#opened.values()]) changelog.refresh();
  }

  get store(): Store {
    return this.#workshop.store;
  }

  /** The registry's own rows and history. */
  get rows(): EngineCollection {
    return this.#rows;
  }

  /** What the registry says of each collection. */
  async read(options: CallOptions): Promise<Map<string, CollectionEntry>> {
    const frame = await this.#rows.series(NAMESPACE).read(options);
    const labels = frame.get("label");
    const metas = frame.get("meta");
    return new Map(
      Array.from(labels, (label, i) => [String(label), toCollectionEntry(String(label), metas[i])]),
    );
  }

  /** One object a collection, so that all share its listing and its commits. */
  open(label: string, { path, schema }: CollectionEntry): EngineCollection {
    const key = JSON.stringify([label, path, schema]);
    const known = this.#opened.get(key);
    if (known) return known;
    const collection = new EngineCollection(label, Schema.load(schema), path, this.#workshop);
    this.#opened.set(key, collection);
    return collection;
  }
}

/** @throws `corrupt` */
export function toCollectionEntry(label: string, value: unknown): CollectionEntry {
  const meta = value as Partial<CollectionEntry> | null;
  if (typeof meta?.path === "string" && typeof meta.schema?.columns === "object")
    return meta as CollectionEntry;
  throw new LakotaError(
    "corrupt",
    `The registry's entry of "${label}" is damaged: it lacks a path or a schema.`,
  );
}
