import type { EngineCollection } from "../../engine/collection/collection.ts";
import { diffStates } from "../../engine/collection/diff.ts";
import { allDescriptions } from "../../engine/repo/descriptions.ts";
import type { EngineRepo } from "../../engine/repo/repo.ts";
import type { FieldValue } from "../../model/api/description-fields.ts";
import type { Revision } from "../../model/api/history.ts";
import { LakotaError } from "../../model/errors.ts";
import type { Frame } from "../../model/frame.ts";

/** Returns the descriptions of a collection, a collection of their own; undefined if it was never described. */
export async function findDescriptionsOf(
  { registry }: EngineRepo,
  { path }: EngineCollection,
  signal: AbortSignal,
): Promise<EngineCollection | undefined> {
  return (await allDescriptions(registry, { signal })).get(path);
}

/** As {@link findDescriptionsOf}. @throws `not-found` if the collection was never described */
export async function descriptionsOf(
  repo: EngineRepo,
  collection: EngineCollection,
  signal: AbortSignal,
): Promise<EngineCollection> {
  const found = await findDescriptionsOf(repo, collection, signal);
  if (found) return found;
  const { label } = collection;
  throw new LakotaError(
    "not-found",
    `"${label}" has no description. \`lakota describe ${label}\` gives it one.`,
  );
}

/** A field of a description that a revision changed. */
export interface FieldChange {
  /** What it describes: the collection, a column or a series. */
  readonly of: "collection" | "column" | "series";
  /** Name of the column or series; undefined for the collection. */
  readonly name?: string;
  readonly field: string;
  /** Undefined if it was added. */
  readonly before?: FieldValue;
  /** Undefined if it was removed. */
  readonly after?: FieldValue;
}

const KINDS: Readonly<Record<string, FieldChange["of"]>> = {
  collection: "collection",
  columns: "column",
  series: "series",
};

/** Returns the fields that a revision changed, compared with those of its parents that are there. */
export async function fieldChanges(
  descriptions: EngineCollection,
  { id, parents }: Revision,
  signal: AbortSignal,
): Promise<FieldChange[]> {
  const known = new Set((await descriptions.log({ signal })).map((revision) => revision.id));
  const from = parents.filter((parent) => known.has(parent));
  const changes = await diffStates(descriptions, from, [id], { rows: true, signal });
  const found: FieldChange[] = [];
  for (const { label, rows } of changes) {
    const of = KINDS[label];
    if (!of || !rows) continue;
    const [before, after] = [fieldsOf(rows.removed), fieldsOf(rows.added)];
    for (const key of new Set([...before.keys(), ...after.keys()])) {
      const { name, field } = (before.get(key) ?? after.get(key))!;
      const [old, current] = [before.get(key)?.value, after.get(key)?.value];
      found.push({
        of,
        ...(of !== "collection" && { name }),
        field,
        ...(old !== undefined && { before: old }),
        ...(current !== undefined && { after: current }),
      });
    }
  }
  return found;
}

/** Returns the fields of a frame by a key of what they describe and their name. */
function fieldsOf(frame: Frame): Map<string, { name: string; field: string; value: FieldValue }> {
  const [names, fields, values] = ["label", "field", "value"].map((column) => Array.from(frame.get(column)));
  return new Map(
    names!.map((label, i) => {
      const [name, field] = [String(label), String(fields![i])];
      const value: unknown = values![i];
      const shown = Array.isArray(value) ? value.map(String) : String(value);
      return [JSON.stringify([name, field]), { name, field, value: shown }];
    }),
  );
}

/** Names a field in one word or a few: `title`, `value.unit`, `Brussels: tags`. */
export const fieldName = ({ of, name, field }: FieldChange): string =>
  of === "collection" ? field : of === "column" ? `${name}.${field}` : `${name}: ${field}`;

/** Tells a change in one line. */
export function fieldLine(change: FieldChange): string {
  const { of, name, field, before, after } = change;
  const what = of === "collection" ? field : `${of} ${name}, ${field}`;
  if (before === undefined) return `added ${what}: ${valueText(after)}`;
  if (after === undefined) return `removed ${what}: ${valueText(before)}`;
  return `changed ${what}: ${valueText(before)} → ${valueText(after)}`;
}

const valueText = (value: FieldValue = ""): string =>
  typeof value === "string" ? JSON.stringify(value) : value.map((tag) => JSON.stringify(tag)).join(" ");
