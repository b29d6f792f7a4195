import type { State } from "../../changelog/changelog.ts";
import { toEpoch } from "../../changelog/revision.ts";
import { type Segment, segmentsOf } from "../../changelog/segment-table.ts";
import type { Collection, LsOptions } from "../../model/api/collection.ts";
import type {
  CollectionDescription,
  CollectionFields,
  ColumnDescription,
  InfoOptions,
  SeriesDescription,
} from "../../model/api/description.ts";
import { type DescribedKind, fieldsOf, isField } from "../../model/api/description-fields.ts";
import { checkLabel } from "../../model/check-label.ts";
import type { Frame } from "../../model/frame.ts";
import { after, before, compareCuts, compareStrings, FIRST, type Interval, LAST } from "../../model/key.ts";
import { lowerBound } from "../../model/lower-bound.ts";
import { planRead } from "../read/plan.ts";
import { checkNames } from "../read/range.ts";
import { executeRead } from "../read/read.ts";
import type { CollectionContext } from "./collection-context.ts";
import { describedFolders, openDescriptions } from "./description-store.ts";

const ALL_KEYS: Interval = { lo: FIRST, hi: LAST };

/** Returns what is known of a collection: {@link Collection.info}. */
export async function info(
  collection: CollectionContext,
  { series, before: moment, signal, onStale }: InfoOptions,
): Promise<CollectionDescription> {
  if (series !== "all") {
    checkNames("series", series);
    series?.forEach(checkLabel);
  }
  const epoch = moment === undefined ? undefined : toEpoch(moment);
  const { path, repo } = collection;
  const descriptions = await openDescriptions(repo.registry(), path);
  collection.descriptions = descriptions;
  const { schema } = descriptions;
  const { source } = repo;
  const kinds: DescribedKind[] = ["collection", "columns", ...(series ? (["series"] as const) : [])];
  const work = async ({ commit }: State, ending: AbortSignal): Promise<CollectionDescription> => {
    const { segments, embedded } = await commit.table.load(kinds, ending);
    const read = async (kind: DescribedKind, labels?: readonly string[]) => {
      const own = segmentsOf(segments, kind);
      const plan = planRead(labels ? withLabels(own, labels) : own, schema, ALL_KEYS);
      const { frame } = await executeRead(plan, { source, embedded, signal: ending });
      return fieldsByLabel(kind, frame, labels);
    };
    const [own, columns, described] = await Promise.all([
      read("collection"),
      read("columns"),
      series && read("series", series === "all" ? undefined : series),
    ]);
    // Only fields of these kinds, of the right types.
    const fields = own.get("") as CollectionFields | undefined;
    return {
      ...fields,
      ...(columns.size > 0 && { columns: Object.fromEntries(columns) as Record<string, ColumnDescription> }),
      ...(described?.size && { series: Object.fromEntries(described) as Record<string, SeriesDescription> }),
    };
  };
  const isSame = async (known: State, current: State) => known.heads.join() === current.heads.join();
  const readAll = (show?: (known: CollectionDescription) => void) =>
    descriptions.readState(work, epoch, signal, show && { show, isSame });
  const nothing: CollectionDescription = {};
  let ahead: Promise<CollectionDescription> | undefined;
  const startAhead = (folders: readonly string[]) => {
    if (folders.length === 0) onStale?.(nothing);
    else {
      ahead = readAll(onStale);
      ahead.catch(() => {}); // awaited below, unless the descriptions are gone
    }
  };
  // The registry is known: a collection without descriptions costs no request.
  const folders = await describedFolders(repo.registry(), {
    folder: path,
    signal,
    onStale: onStale && startAhead,
  });
  if (folders.length === 0) return nothing;
  return ahead ?? readAll();
}

/** Returns the segments that may have rows of some labels. */
export function withLabels(segments: readonly Segment[], labels: readonly string[]): Segment[] {
  const sorted = [...labels].sort(compareStrings);
  return segments.filter(({ lo, hi }) => {
    const first = lowerBound(sorted.length, (i) => compareCuts(after([sorted[i]!]), lo) <= 0);
    return first < sorted.length && compareCuts(before([sorted[first]!]), hi) < 0;
  });
}

/** @param labels only these. Default: all */
function fieldsByLabel(
  kind: DescribedKind,
  frame: Frame,
  labels?: readonly string[],
): Map<string, Record<string, unknown>> {
  const wanted = labels && new Set(labels);
  const [names, values] = [frame.get("field"), frame.get("value")];
  const found = new Map<string, Map<string, unknown>>();
  Array.from(frame.get("label"), String).forEach((label, i) => {
    const [field, value]: [string, unknown] = [String(names[i]), values[i]];
    if (wanted?.has(label) === false || !isField(kind, field, value)) return;
    const fields = found.get(label) ?? new Map<string, unknown>();
    found.set(label, fields.set(field, value));
  });
  // In the order in which people read them.
  const ordered = (fields: ReadonlyMap<string, unknown>) =>
    Object.fromEntries(
      fieldsOf(kind).flatMap((name) => (fields.has(name) ? [[name, fields.get(name)]] : [])),
    );
  return new Map([...found].map(([label, fields]) => [label, ordered(fields)]));
}

/** Returns the labels of series that have a tag or text: {@link Collection.ls}. Reads the descriptions of all series. */
export async function searchSeries(
  collection: CollectionContext & Pick<Collection, "ls">,
  { text, tag, limit, prefix, after: last, signal }: LsOptions,
): Promise<string[]> {
  const [labels, { series = {} }] = await Promise.all([
    collection.ls({ prefix, after: last, signal }),
    info(collection, { series: "all", signal }),
  ]);
  const needle = text?.toLowerCase();
  const described = new Map(Object.entries(series));
  const isFound = (label: string): boolean => {
    const { title, unit, description, tags = [] } = described.get(label) ?? {};
    if (tag && !tags.includes(tag)) return false;
    if (!needle) return true;
    return [label, title, unit, description, ...tags].some((part) => part?.toLowerCase().includes(needle));
  };
  return labels.filter(isFound).slice(0, limit);
}
