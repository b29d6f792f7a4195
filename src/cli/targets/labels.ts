import type { EngineCollection } from "../../engine/collection/collection.ts";
import type { EngineRepo } from "../../engine/repo/repo.ts";
import { LakotaError } from "../../model/errors.ts";
import { UsageError } from "../options/usage-error.ts";
import type { Moment } from "../options/values.ts";
import { labelsAt } from "./earlier-labels.ts";
import { resolveMoment } from "./revisions.ts";

/** The collection, or the series in it, that a LABEL names. */
export interface Target {
  readonly collection: EngineCollection;
  readonly series: string | undefined;
}

/**
 * Finds what `text` names: `collection` or `collection/series`. Each may be abbreviated to an unambiguous prefix.
 *
 * @param exact for verbs that change something: no abbreviations, and the series need not exist
 * @param moment looks for the series in the state that this names: it may have been deleted or renamed since
 * @throws `not-found`
 */
export async function findTarget(
  repo: EngineRepo,
  text: string,
  { exact = false, moment = {}, signal }: { exact?: boolean; moment?: Moment; signal: AbortSignal },
): Promise<Target> {
  const labels = await repo.ls({ signal });
  const slash = text.indexOf("/");
  const first = slash < 0 ? text : text.slice(0, slash);
  // Labels of collections may contain slashes too: the longest match wins.
  const known = labels
    .filter((label) => text === label || text.startsWith(`${label}/`))
    .sort((a, b) => b.length - a.length)[0];
  const label = known ?? (exact ? first : onlyMatch(labels, first)) ?? first;
  const collection = await repo.collection(label, { signal });
  const rest = known === undefined ? (slash < 0 ? undefined : text.slice(slash + 1)) : textAfter(text, known);
  if (rest === undefined) return { collection, series: undefined };
  if (rest === "") throw new UsageError(`"${text}" does not name a series: write COLLECTION/SERIES.`);
  return { collection, series: exact ? rest : await findSeries(collection, rest, moment, signal) };
}

const textAfter = (text: string, label: string) =>
  text === label ? undefined : text.slice(label.length + 1);

async function findSeries(
  collection: EngineCollection,
  text: string,
  moment: Moment,
  signal: AbortSignal,
): Promise<string> {
  const labels = await labelsAt(collection, await resolveMoment(collection, moment, signal), signal);
  const found = labels.includes(text) ? text : onlyMatch(labels, text);
  if (found !== undefined) return found;
  const none = `There is no series "${text}" in "${collection.label}"`;
  const named = moment.before ?? moment.at;
  if (named) {
    const when = "time" in named ? named.time : named.revision;
    throw new LakotaError("not-found", `${none} ${moment.before ? "before" : "at"} ${when}.`);
  }
  const existing = labels.slice(0, 20).join(", ") || "none";
  throw new LakotaError("not-found", `${none}. Existing series: ${existing}.`);
}

const onlyMatch = (labels: readonly string[], prefix: string): string | undefined => {
  const found = labels.filter((label) => label.startsWith(prefix));
  return found.length === 1 ? found[0] : undefined;
};

/** Returns the target if it is a series. @throws UsageError */
export function needSeries({ collection, series }: Target): { collection: EngineCollection; series: string } {
  if (series !== undefined) return { collection, series };
  throw new UsageError(`"${collection.label}" is a collection: write ${collection.label}/SERIES.`);
}

/** Returns the target if it is a collection. @throws UsageError */
export function needCollection({ collection, series }: Target): EngineCollection {
  if (series === undefined) return collection;
  throw new UsageError(`"${collection.label}/${series}" is a series, and this verb takes a collection.`);
}
