import type { EngineCollection } from "../../engine/collection/collection.ts";
import { diffStates } from "../../engine/collection/diff.ts";
import { isCollectionEntry, NAMESPACE, rowsOf } from "../../engine/repo/registry.ts";

/** What a revision of the registry did to a collection. */
export interface RegistryChange {
  readonly kind: "created" | "renamed" | "deleted" | "changed";
  readonly label: string;
  /** The old label of a renamed one. */
  readonly from?: string;
}

/** Returns which collections a revision of the registry created, renamed and deleted. @param from the revisions before, merged */
export async function registryChanges(
  registry: EngineCollection,
  from: readonly string[],
  to: string,
  signal: AbortSignal,
): Promise<RegistryChange[]> {
  const changes = await diffStates(registry, from, [to], { labels: [NAMESPACE], rows: true, signal });
  const [removed, added] = [new Map<string, unknown>(), new Map<string, unknown>()];
  for (const { rows } of changes) {
    if (!rows) continue;
    for (const [label, entry] of rowsOf(rows.removed)) removed.set(label, entry);
    for (const [label, entry] of rowsOf(rows.added)) added.set(label, entry);
  }
  const originOf = (label: string) => {
    const path = pathOf(added.get(label));
    if (path === undefined || removed.has(label)) return undefined;
    return [...removed].find(([other, entry]) => !added.has(other) && pathOf(entry) === path)?.[0];
  };
  const origins = new Map([...added.keys()].map((label) => [label, originOf(label)]));
  const renamed = new Set(origins.values());
  return [
    ...[...added.keys()].map((label): RegistryChange => {
      const origin = origins.get(label);
      if (origin !== undefined) return { kind: "renamed", label, from: origin };
      return { kind: removed.has(label) ? "changed" : "created", label };
    }),
    ...[...removed.keys()]
      .filter((label) => !added.has(label) && !renamed.has(label))
      .map((label): RegistryChange => ({ kind: "deleted", label })),
  ];
}

const pathOf = (entry: unknown): string | undefined => (isCollectionEntry(entry) ? entry.path : undefined);
