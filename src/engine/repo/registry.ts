import type { CallOptions } from "../../model/api/options.ts";
import { LakotaError } from "../../model/errors.ts";
import type { Frame } from "../../model/frame.ts";
import { compareStrings } from "../../model/key.ts";
import { hashedPath, isHashedPath } from "../../model/layout.ts";
import { Schema, type SchemaDump } from "../../model/schema.ts";
import type { Store } from "../../stores/store.ts";
import { EngineCollection } from "../collection/collection.ts";
import type { RepoContext } from "../collection/repo-context.ts";

/** Folder of the registry: the path of the zero hash. */
const FOLDER = hashedPath("0".repeat(40));
/** The series of the registry whose rows are the collections. */
export const NAMESPACE = "collection";
/** Labels that the message of a missing collection lists. */
const MAX_LISTED_LABELS = 20;

/** What the registry records of a collection. */
export interface CollectionEntry {
  path: string;
  schema: SchemaDump;
}

/** The collection at the zero hash that lists the others, one row per collection. */
export class Registry {
  /** The registry's own rows and history. */
  readonly collection: EngineCollection;
  readonly #repo: RepoContext;
  readonly #opened = new Map<string, EngineCollection>();

  constructor(repo: RepoContext) {
    this.#repo = repo;
    this.collection = new EngineCollection("registry", Schema.kv({ label: "str*", meta: "O" }), FOLDER, repo);
  }

  get store(): Store {
    return this.#repo.store;
  }

  /** Returns the labels of the collections, sorted by code point. */
  async ls(options: CallOptions): Promise<string[]> {
    return [...(await this.rows(options)).keys()].sort(compareStrings);
  }

  /**
   * Returns a collection, or undefined if there is none of this label.
   *
   * @throws `corrupt` for a damaged entry
   */
  async get(label: string, options: CallOptions): Promise<EngineCollection | undefined> {
    const rows = await this.rows(options);
    return rows.has(label) ? this.open(label, toCollectionEntry(label, rows.get(label))) : undefined;
  }

  /** Returns the error for a label that the registry does not have. @param labels those that it has */
  missing(label: string, labels: Iterable<string>): LakotaError {
    const existing = [...labels].sort(compareStrings).slice(0, MAX_LISTED_LABELS).join(", ");
    const advice = existing ? `It has: ${existing}.` : "It has none: is the address right?";
    return new LakotaError("not-found", `No collection "${label}" in ${this.store.uri}. ${advice}`);
  }

  /** Discards all listings, so that changes made without these collection objects are seen at once. */
  refresh(): void {
    for (const { changelog } of [this.collection, ...this.#opened.values()]) changelog.refresh();
  }

  /** Returns what the registry holds for each label. A damaged entry concerns its label alone. */
  async rows(options: CallOptions): Promise<Map<string, unknown>> {
    return rowsOf(await this.collection.series(NAMESPACE).read(options));
  }

  /**
   * Returns the object of a collection. There is one per collection, so that all users share its listing
   * and commit queue.
   */
  open(label: string, { path, schema }: CollectionEntry): EngineCollection {
    const key = JSON.stringify([label, path, schema]);
    const opened = this.#opened.get(key);
    if (opened) return opened;
    const collection = new EngineCollection(label, Schema.load(schema), path, this.#repo);
    this.#opened.set(key, collection);
    return collection;
  }
}

/** Returns the values of a frame of the registry by label. */
export function rowsOf(frame: Frame): Map<string, unknown> {
  const labels = frame.get("label");
  const entries = frame.get("meta");
  return new Map(Array.from(labels, (label, i) => [String(label), entries[i]]));
}

/**
 * Whether the value of a registry row is an entry. Its path must be the folder of a collection, since a
 * stranger's registry could lead to files of something else.
 */
export function isCollectionEntry(value: unknown): value is CollectionEntry {
  const { path, schema } = (value ?? {}) as Partial<CollectionEntry>;
  return (
    typeof path === "string" &&
    isHashedPath(path) &&
    path !== FOLDER &&
    typeof schema?.columns === "object" &&
    schema.columns !== null
  );
}

/** Returns the value of a registry row as an entry. @throws `corrupt` */
export function toCollectionEntry(label: string, value: unknown): CollectionEntry {
  if (isCollectionEntry(value)) return value;
  throw new LakotaError(
    "corrupt",
    `The registry's entry of "${label}" is damaged: it lacks a schema, or the path of a collection's folder. ` +
      "Revert the registry, or pull it from another copy.",
  );
}
