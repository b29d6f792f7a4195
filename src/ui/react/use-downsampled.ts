import type { Collection } from "../../model/api/collection.ts";
import type { Downsampled, DownsampleOptions } from "../../model/api/read.ts";
import type { TypedCollection, TypedDownsampled } from "../../model/api/typed.ts";
import type { DrawableOf, IndexOf } from "../../model/api/typed-frame.ts";
import type { ColumnTypes } from "../../model/column-types.ts";
import {
  type HookOptions,
  type QueryResult,
  type SeriesQuery,
  useQuery,
  useSuspenseQuery,
} from "./use-query.ts";

/** Options of {@link useDownsampled}: those of `Series.downsample`. */
export interface UseDownsampledOptions extends HookOptions<DownsampleOptions> {}

type TypedOptions<K extends string> = Omit<UseDownsampledOptions, "columns"> & { columns?: readonly K[] };

/**
 * Reduces a range of a series to the points of a chart, and again whenever its rows change. For another range, `data` is
 * what was shown before until the new points have arrived, so that the chart stays while a user zooms.
 *
 * @returns the points as `data`, an `error` (a `LakotaError`), and whether a read is under way
 * @example
 * const { data } = useDownsampled(temperature, "Brussels", { start, stop, points: 2 * width });
 * return data && <Line x={data.columns.celsius.x} y={data.columns.celsius.y} />;
 */
export function useDownsampled<
  C extends ColumnTypes,
  K extends DrawableOf<C> = Exclude<DrawableOf<C>, IndexOf<C>>,
>(collection: TypedCollection<C>, label: string, options?: TypedOptions<K>): QueryResult<TypedDownsampled<K>>;
export function useDownsampled(
  collection: Collection,
  label: string,
  options?: UseDownsampledOptions,
): QueryResult<Downsampled>;
export function useDownsampled(
  collection: Collection,
  label: string,
  options: UseDownsampledOptions = {},
): QueryResult<Downsampled> {
  return useQuery(queryOf(collection, label, options));
}

/**
 * As {@link useDownsampled}, and suspends until there are points; an error goes to the nearest error boundary. Another range
 * suspends again: change it in a transition to keep what is shown.
 *
 * @example
 * const { columns } = useSuspenseDownsampled(temperature, "Brussels", { points: 2_000 });
 */
export function useSuspenseDownsampled<
  C extends ColumnTypes,
  K extends DrawableOf<C> = Exclude<DrawableOf<C>, IndexOf<C>>,
>(collection: TypedCollection<C>, label: string, options?: TypedOptions<K>): TypedDownsampled<K>;
export function useSuspenseDownsampled(
  collection: Collection,
  label: string,
  options?: UseDownsampledOptions,
): Downsampled;
export function useSuspenseDownsampled(
  collection: Collection,
  label: string,
  options: UseDownsampledOptions = {},
): Downsampled {
  return useSuspenseQuery(queryOf(collection, label, options));
}

function queryOf(
  collection: Collection,
  label: string,
  options: UseDownsampledOptions,
): SeriesQuery<Downsampled> {
  const { live: _live, every: _every, ...range } = options;
  return {
    method: "downsample",
    collection,
    label,
    options,
    read: (series, calls) => series.downsample({ ...range, ...calls }),
  };
}
