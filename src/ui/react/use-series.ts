import type { Collection } from "../../model/api/collection.ts";
import type { ReadOptions } from "../../model/api/read.ts";
import type { Read, Typed, TypedCollection } from "../../model/api/typed.ts";
import type { ColumnTypes, NameOf } from "../../model/column-types.ts";
import type { Frame } from "../../model/frame.ts";
import {
  type HookOptions,
  type QueryResult,
  type SeriesQuery,
  useQuery,
  useSuspenseQuery,
} from "./use-query.ts";

/** Options of {@link useSeries}: those of `Series.read`. */
export interface UseSeriesOptions extends HookOptions<ReadOptions> {
  /** Only this many rows at the end of the range; not with `limit` or `offset`. Default: all rows. */
  tail?: number;
}

type TypedOptions<C extends ColumnTypes, K extends NameOf<C>, N extends boolean> = Typed<
  UseSeriesOptions,
  C,
  K,
  N
>;

/**
 * Reads rows of a series, and again whenever they change. A read is aborted when its last component is unmounted or has
 * other options. After a reload, `data` is what the last visit knew until the store has answered, if the collection was
 * opened with `allowStale`.
 *
 * @returns the frame as `data`, an `error` (a `LakotaError`), and whether a read is under way
 * @example
 * const { data, error, isLoading } = useSeries(temperature, "Brussels", { tail: 100, numbers: true });
 * if (error) return <p>{String(error)}</p>;
 * return data ? <Table frame={data} /> : <p>Loading …</p>;
 */
export function useSeries<C extends ColumnTypes, K extends NameOf<C> = NameOf<C>, N extends boolean = false>(
  collection: TypedCollection<C>,
  label: string,
  options?: TypedOptions<C, K, N>,
): QueryResult<Read<C, K, N>>;
export function useSeries(
  collection: Collection,
  label: string,
  options?: UseSeriesOptions,
): QueryResult<Frame>;
export function useSeries(
  collection: Collection,
  label: string,
  options: UseSeriesOptions = {},
): QueryResult<Frame> {
  return useQuery(queryOf(collection, label, options));
}

/**
 * As {@link useSeries}, and suspends until there are rows; an error goes to the nearest error boundary. Other options
 * suspend again: change them in a transition to keep what is shown.
 *
 * @example
 * const frame = useSuspenseSeries(temperature, "Brussels", { tail: 100 });
 */
export function useSuspenseSeries<
  C extends ColumnTypes,
  K extends NameOf<C> = NameOf<C>,
  N extends boolean = false,
>(collection: TypedCollection<C>, label: string, options?: TypedOptions<C, K, N>): Read<C, K, N>;
export function useSuspenseSeries(collection: Collection, label: string, options?: UseSeriesOptions): Frame;
export function useSuspenseSeries(
  collection: Collection,
  label: string,
  options: UseSeriesOptions = {},
): Frame {
  return useSuspenseQuery(queryOf(collection, label, options));
}

function queryOf(collection: Collection, label: string, options: UseSeriesOptions): SeriesQuery<Frame> {
  const { live: _live, every: _every, tail, ...range } = options;
  return {
    method: "read",
    collection,
    label,
    options,
    read: (series, calls) => {
      const all = { ...range, ...calls };
      return tail === undefined ? series.read(all) : series.tail(tail, all);
    },
  };
}
