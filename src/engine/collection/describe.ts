import type { Collection } from "../../model/api/collection.ts";
import type { DescriptionChange } from "../../model/api/description.ts";
import { type DescribedKind, type Edits, editsOf, fieldsOf } from "../../model/api/description-fields.ts";
import type { ChangeOptions, ChangeReport } from "../../model/api/options.ts";
import { asLakotaError } from "../../model/errors.ts";
import { checkNote } from "../write/note.ts";
import { Transaction } from "../write/transaction.ts";
import type { CollectionContext } from "./collection-context.ts";
import {
  descriptionEntry,
  findDescriptions,
  openDescriptions,
  registerDescriptions,
} from "./description-store.ts";
import { info } from "./info.ts";
import type { PeerCollection } from "./repo-context.ts";
import { writeContext } from "./write-context.ts";

/**
 * Rows of a segment of descriptions, about. A change of one stores a segment of it again, and a reader of one reads a
 * segment: some 30 kB. With 100,000 series of three fields each, the table of each revision has 150 segments.
 */
const SEGMENT_ROWS = 2_048;

const KINDS: readonly DescribedKind[] = ["collection", "columns", "series"];

/** Changes what is known of a collection: {@link Collection.describe}. */
export async function describe(
  collection: CollectionContext & Pick<Collection, "refresh">,
  change: DescriptionChange,
  options: ChangeOptions,
): Promise<ChangeReport | undefined> {
  const edits = editsOf(change, collection.schema);
  const all = Object.values(edits).flat();
  if (all.length === 0) return undefined;
  checkNote(options.note);
  const { signal } = options;
  await collection.refresh({ signal }); // fails if it was deleted
  let descriptions = await findDescriptions(collection, signal);
  if (!descriptions) {
    if (all.every(({ value }) => value === null)) return undefined;
    descriptions = await createDescriptions(collection, signal);
  }
  return store(collection, descriptions, edits, options);
}

/** What is described: a collection, which need not be registered yet. */
type Described = Pick<CollectionContext, "label" | "schema" | "path" | "repo">;

/** Describes a collection before it is registered, so that no reader sees it without its description. */
export async function describeAhead(
  collection: Described,
  change: DescriptionChange,
  options: ChangeOptions,
): Promise<void> {
  const edits = editsOf(change, collection.schema);
  if (Object.values(edits).flat().length === 0) return;
  const descriptions = await createDescriptions(collection, options.signal);
  await store(collection, descriptions, edits, options);
}

async function createDescriptions(
  { path, repo }: Described,
  signal: AbortSignal | undefined,
): Promise<PeerCollection> {
  const entry = await descriptionEntry(path);
  repo.store.local?.expectEmpty(`${entry.path}/`); // so that it can be written to offline
  await registerDescriptions(repo.registry(), path, signal);
  return openDescriptions(repo.registry(), path);
}

async function store(
  collection: Described,
  descriptions: PeerCollection,
  edits: Edits,
  options: ChangeOptions,
): Promise<ChangeReport | undefined> {
  const { repo } = collection;
  const described = { label: `descriptions of ${collection.label}`, schema: descriptions.schema, repo };
  const transaction = new Transaction({ ...writeContext(described), segmentRows: SEGMENT_ROWS });
  for (const kind of KINDS) {
    const set = edits[kind].filter(({ value }) => value !== null);
    const rows = {
      label: set.map((edit) => edit.label),
      field: set.map(({ field }) => field),
      value: set.map(({ value }) => value),
    };
    if (set.length > 0) await transaction.write(kind, rows, {});
    const keys = edits[kind].flatMap((edit) => (edit.value === null ? [[edit.label, edit.field]] : []));
    if (keys.length > 0) await transaction.delete(kind, { keys });
  }
  return descriptions.commit(transaction, options);
}

/**
 * Gives series that were renamed the descriptions that they had under their old labels. These keep them, as those of
 * dropped series do: if the renaming is reverted, they are described.
 */
export async function moveDescriptions(
  collection: CollectionContext,
  renamed: readonly (readonly [from: string, to: string])[],
  signal: AbortSignal,
): Promise<void> {
  try {
    const descriptions = await findDescriptions(collection, signal);
    if (!descriptions) return;
    descriptions.changelog.refresh(); // others may have changed them
    const origins = originsOf(renamed);
    const { series = {} } = await info(collection, { series: [...origins.values()], signal });
    const none = Object.fromEntries(fieldsOf("series").map((field) => [field, null]));
    const described = new Map(Object.entries(series));
    // A series that was dropped may have left other fields under one of the new labels.
    const moved = [...origins].map(([to, from]) => [to, { ...none, ...described.get(from) }] as const);
    const edits = editsOf({ series: Object.fromEntries(moved) }, collection.schema);
    await store(collection, descriptions, edits, { signal });
  } catch (error) {
    collection.repo.warn(
      `Series of "${collection.label}" were renamed, but their descriptions were not: ${asLakotaError(error).message} ` +
        "Describe them again.",
    );
  }
}

/** Returns the labels that series had before they were renamed, by the last label of each. */
function originsOf(renamed: readonly (readonly [from: string, to: string])[]): Map<string, string> {
  const origins = new Map<string, string>();
  for (const [from, to] of renamed) {
    const first = origins.get(from) ?? from;
    origins.delete(from);
    origins.set(to, first);
  }
  return origins;
}
