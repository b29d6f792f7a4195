import type { EngineCollection } from "../../engine/collection/collection.ts";
import type { EngineRepo } from "../../engine/repo/repo.ts";
import { LakotaError } from "../../model/errors.ts";
import { UsageError } from "../options/usage-error.ts";

/** What a LABEL names: a collection, or one of its series. */
export interface Target {
  readonly collection: EngineCollection;
  readonly series: string | undefined;
}

/**
 * What `text` names: `collection` or `collection/series`. Who only reads may abbreviate either, as long as one name alone
 * begins so.
 *
 * @param exact for who changes something: names as they are, and a series need not be there
 * @throws `not-found`
 */
export async function findTarget(
  repo: EngineRepo,
  text: string,
  { exact = false, signal }: { exact?: boolean; signal: AbortSignal },
): Promise<Target> {
  const labels = await repo.ls({ signal });
  const slash = text.indexOf("/");
  const beginning = slash < 0 ? text : text.slice(0, slash);
  // Labels of collections may have slashes too: the longest one is meant.
  const own = labels
    .filter((label) => text === label || text.startsWith(`${label}/`))
    .sort((a, b) => b.length - a.length)[0];
  const label = own ?? (exact ? beginning : only(labels, beginning)) ?? beginning;
  const collection = await repo.collection(label, { signal });
  const rest = own === undefined ? (slash < 0 ? undefined : text.slice(slash + 1)) : textAfter(text, own);
  if (rest === undefined) return { collection, series: undefined };
  if (rest === "") throw new UsageError(`"${text}" names no series: write COLLECTION/SERIES.`);
  return { collection, series: exact ? rest : await findSeries(collection, rest, signal) };
}

const textAfter = (text: string, label: string) =>
  text === label ? undefined : text.slice(label.length + 1);

async function findSeries(collection: EngineCollection, text: string, signal: AbortSignal): Promise<string> {
  const labels = await collection.ls({ signal });
  const found = labels.includes(text) ? text : only(labels, text);
  if (found !== undefined) return found;
  const there = labels.slice(0, 20).join(", ") || "none";
  throw new LakotaError(
    "not-found",
    `There is no series "${text}" in "${collection.label}". There are: ${there}.`,
  );
}

const only = (labels: readonly string[], beginning: string): string | undefined => {
  const found = labels.filter((label) => label.startsWith(beginning));
  return found.length === 1 ? found[0] : undefined;
};

/** A target that has to be a series. @throws UsageError */
export function needSeries({ collection, series }: Target): { collection: EngineCollection; series: string } {
  if (series !== undefined) return { collection, series };
  throw new UsageError(`"${collection.label}" is a collection: write ${collection.label}/SERIES.`);
}

/** A target that has to be a collection. @throws UsageError */
export function needCollection({ collection, series }: Target): EngineCollection {
  if (series === undefined) return collection;
  throw new UsageError(`"${collection.label}/${series}" is a series, and a collection is wanted.`);
}
