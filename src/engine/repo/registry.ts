import { untilAborted } from "../../async/abort.ts";
import { lazy } from "../../async/lazy.ts";
import { prepareTrees } from "../../changelog/decode-commit.ts";
import type { CallOptions, StaleOptions } from "../../model/api/options.ts";
import type { ReadOptions } from "../../model/api/read.ts";
import type { OpenCollectionOptions } from "../../model/api/repo.ts";
import type { Frame } from "../../model/frame.ts";
import { compareStrings } from "../../model/key.ts";
import { hashedPath, isHashedPath } from "../../model/layout.ts";
import { Schema, type SchemaDump } from "../../model/schema.ts";
import type { Store } from "../../stores/store.ts";
import { EngineCollection } from "../collection/collection.ts";
import type { RepoContext } from "../collection/repo-context.ts";
import { loadRegistered } from "./table-kind.ts";

const errors = lazy(() => import("./registry-errors.ts"));
const unconfirmed = lazy(() => import("./unconfirmed.ts"));

/** Folder of the registry: the path of the zero hash. */
const FOLDER = hashedPath("0".repeat(40));
/** The series of the registry whose rows are the collections. */
export const NAMESPACE = "collection";

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
  async ls({ signal, onStale }: StaleOptions<string[]>): Promise<string[]> {
    const known = new Map<Frame, string[]>();
    const labelsOf = (frame: Frame) => {
      const labels = known.get(frame) ?? [...rowsOf(frame).keys()].sort(compareStrings);
      known.set(frame, labels);
      return labels;
    };
    const show = onStale && ((frame: Frame) => onStale(labelsOf(frame)));
    return labelsOf(await this.#read({ signal, onStale: show }));
  }

  /**
   * Returns a collection, or undefined if there is none of this label. If an earlier visit has read it, its changelog is
   * listed at the same time as the registry.
   *
   * @throws `corrupt` for a damaged entry
   */
  get(label: string, { allowStale, signal }: OpenCollectionOptions): Promise<EngineCollection | undefined> {
    const opening = new Promise<EngineCollection | undefined>((resolve, reject) => {
      const use = async (known: EngineCollection | undefined) => {
        if (!known) return;
        if (!allowStale) return known.changelog.listAhead();
        (await unconfirmed()).confirmBy(known, current, () => this.get(label, {}));
        resolve(known);
      };
      const onStale = (frame: Frame) => {
        this.#find(label, frame)
          .then(use)
          .catch(() => {}); // it only saves time
      };
      // What confirms a collection must not end with the call that has opened it.
      const reading = this.#read({ signal: allowStale ? undefined : signal, onStale });
      const current = reading.then((frame) => this.#find(label, frame));
      current.then(resolve, reject);
    });
    return untilAborted(opening, signal);
  }

  async #find(label: string, frame: Frame): Promise<EngineCollection | undefined> {
    const rows = rowsOf(frame);
    if (!rows.has(label)) return undefined;
    const entry = rows.get(label);
    if (!isCollectionEntry(entry)) throw (await errors()).damagedEntry(label);
    return this.open(label, entry);
  }

  #read(options: ReadOptions): Promise<Frame> {
    return this.collection.series(NAMESPACE).read({ ...options, missing: "empty" }); // a repo may have no collection
  }

  /** Discards all listings, so that changes made without these collection objects are seen at once. */
  refresh(): void {
    for (const { changelog } of [this.collection, ...this.#opened.values()]) changelog.refresh();
  }

  /** Returns what the registry holds for each label. A damaged entry concerns its label alone. */
  async rows(options: CallOptions): Promise<Map<string, unknown>> {
    return rowsOf(await this.#read(options));
  }

  /**
   * Returns the object of a collection. There is one per collection, so that all users share its listing
   * and commit queue.
   */
  open(label: string, { path, schema }: CollectionEntry): EngineCollection {
    const key = JSON.stringify([label, path, schema]);
    const opened = this.#opened.get(key);
    if (opened) return opened;
    const registered = loadRegistered(schema);
    const collection = new EngineCollection(label, registered.schema, path, this.#repo, registered.tableKind);
    if (registered.tableKind === "tree") prepareTrees();
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
