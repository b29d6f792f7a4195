import { use, useState, useSyncExternalStore } from "react";
import { WATCH_INTERVAL } from "../../async/poll.ts";
import type { Collection } from "../../model/api/collection.ts";
import type { CallOptions, StaleOptions } from "../../model/api/options.ts";
import type { Series } from "../../model/api/series.ts";
import type { Loaded } from "../live-read.ts";
import { watchFrom } from "../watch-from.ts";
import { keyOf } from "./key.ts";
import { LiveQuery, type QueryPlace } from "./live-query.ts";
import { repoUsage } from "./usage.ts";

/** Options of the hooks that read rows. */
export interface LiveOptions {
  /**
   * Whether to read again when rows of the series change, in this page or elsewhere. Default: true, and false for an
   * earlier state (`before`).
   */
  live?: boolean;
  /** Milliseconds between checks for changes. Default 5,000. */
  every?: number;
}

/** Options of a read that a component can give: a hook has its own signal and its own way to show what is known. */
export type HookOptions<O> = Omit<O, keyof CallOptions | keyof StaleOptions<unknown> | "onProgress"> &
  LiveOptions;

/** What a hook returns. */
export interface QueryResult<T> extends Loaded<T> {
  /** Reads again: for a button that tries again after an error. Always the same function for the same read. */
  readonly reload: () => void;
}

/** A read of a series. */
export interface SeriesQuery<T> {
  /** Tells it from other reads of the same series. */
  readonly method: string;
  readonly collection: Collection;
  readonly label: string;
  readonly options: LiveOptions & { before?: unknown };
  read(series: Series, options: StaleOptions<T>): Promise<T>;
}

/** A {@link LiveQuery} by collection, and by series, method and options. */
const queries = new WeakMap<Collection, Map<string, object>>();

/** Returns the read that components with equal options share. */
function findQuery<T>({ method, collection, label, options, read }: SeriesQuery<T>): LiveQuery<T> {
  const known = queries.get(collection) ?? new Map<string, object>();
  queries.set(collection, known);
  const key = keyOf(method, label, options);
  const found = known.get(key);
  if (found) return found as LiveQuery<T>; // the method determines the type
  const series = collection.series(label);
  const { live = options.before === undefined, every } = options;
  const watch = (listener: () => void, signal: AbortSignal) =>
    void watchFrom(collection, label, listener, { every, signal });
  const place: QueryPlace = {
    add: (query) => known.set(key, query),
    remove: (query) => known.get(key) === query && known.delete(key),
  };
  const retryAfter = live ? (every ?? WATCH_INTERVAL) : undefined;
  const query = new LiveQuery<T>(
    { read: (calls) => read(series, calls), retryAfter, ...(live && { watch }) },
    place,
  );
  repoUsage.get(collection)?.retainUntil(query.first);
  return query;
}

/** Reads, and renders again with each result. */
export function useQuery<T>(query: SeriesQuery<T>): QueryResult<T> {
  const { subscribe, state, reload } = findQuery(query);
  const { data, error, isLoading } = useSyncExternalStore(subscribe, state, state);
  const { collection, label, method } = query;
  const [last, setLast] = useState({ collection, label, method, data });
  const isSame = last.collection === collection && last.label === label && last.method === method;
  const isNew = data !== undefined && data !== last.data;
  if (isNew || !isSame) setLast({ collection, label, method, data });
  return { data: data ?? (isSame ? last.data : undefined), error, isLoading, reload };
}

/** Suspends until there are rows. */
export function useSuspenseQuery<T>(query: SeriesQuery<T>): T {
  const { subscribe, state, first } = findQuery(query);
  const { data, error } = useSyncExternalStore(subscribe, state, state);
  if (data !== undefined) return data;
  if (error !== undefined) throw error;
  use(first);
  return state().data!;
}
