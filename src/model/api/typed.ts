import type { ColumnTypes, NameOf } from "../column-types.ts";
import type { Frame } from "../frame.ts";
import type { Schema } from "../schema.ts";
import type { Batch, BatchSeries, Collection, ReadManyOptions } from "./collection.ts";
import type {
  CollectionDescription,
  ColumnDescription,
  DescriptionChange,
  Edited,
  InfoOptions,
} from "./description.ts";
import type { CallOptions, ChangeOptions, ChangeReport, StaleOptions } from "./options.ts";
import type {
  Aligned,
  AlignedPoints,
  DownsampleManyOptions,
  DownsampleOptions,
  PageOptions,
  Points,
  RangeOptions,
  ReadOptions,
} from "./read.ts";
import type { Series, WriteOptions } from "./series.ts";
import type { DrawableOf, FrameColumns, FrameRow, IndexOf, InputOf, TypedFrame } from "./typed-frame.ts";

// `Collection` and `Series` for callers whose schema the type checker knows. They have no code: the objects are the same.

/** Options of a read, for known columns. */
export type Typed<O, C extends ColumnTypes, K extends NameOf<C>, N extends boolean> = Omit<
  O,
  "columns" | "numbers" | "onStale"
> & {
  columns?: readonly K[];
  numbers?: N;
};

type Stale<T> = Pick<StaleOptions<T>, "onStale">;

/** What was read of some columns. */
export type Read<C extends ColumnTypes, K extends NameOf<C>, N extends boolean> = TypedFrame<
  FrameColumns<Pick<C, K>, N>,
  FrameRow<Pick<C, K>, N>
>;

/** Points of some columns, by name. */
export interface TypedDownsampled<K extends string> {
  readonly rows: number;
  readonly columns: Readonly<Record<K, Points>>;
}

/** Aligned points of some columns, by name. */
export interface TypedAligned<K extends string> extends Aligned {
  readonly series: ReadonlyMap<string, TypedAlignedSeries<K>>;
}

/** One series of {@link TypedAligned}. */
export interface TypedAlignedSeries<K extends string> {
  readonly rows: number;
  readonly columns: Readonly<Record<K, AlignedPoints>>;
}

/** Options of `Collection.downsample`, for known columns. */
type Many<K extends string> = Omit<DownsampleManyOptions, "columns" | "align"> & { columns?: readonly K[] };

/** A value for each column in each row. */
export type TypedRows<C extends ColumnTypes> = { readonly [K in NameOf<C>]: InputOf<C[K]> };

/** The index, and some of the other columns. */
export type TypedUpdate<C extends ColumnTypes> = Pick<TypedRows<C>, IndexOf<C>> & Partial<TypedRows<C>>;

/** A {@link Series} whose columns the type checker knows. */
export interface TypedSeries<C extends ColumnTypes> extends Series {
  read<K extends NameOf<C> = NameOf<C>, N extends boolean = false>(
    options?: Typed<ReadOptions, C, K, N> & Stale<Read<C, K, N>>,
  ): Promise<Read<C, K, N>>;
  tail<K extends NameOf<C> = NameOf<C>, N extends boolean = false>(
    rows: number,
    options?: Typed<Omit<ReadOptions, "limit" | "offset">, C, K, N> & Stale<Read<C, K, N>>,
  ): Promise<Read<C, K, N>>;
  pages<K extends NameOf<C> = NameOf<C>, N extends boolean = false>(
    options?: Typed<PageOptions, C, K, N>,
  ): AsyncIterableIterator<Read<C, K, N>>;
  downsample<K extends DrawableOf<C> = Exclude<DrawableOf<C>, IndexOf<C>>>(
    options?: RangeOptions &
      Pick<DownsampleOptions, "points" | "method"> & { columns?: readonly K[] } & Stale<TypedDownsampled<K>>,
  ): Promise<TypedDownsampled<K>>;
  write(frame: Frame | TypedRows<C>, options?: WriteOptions): Promise<ChangeReport | undefined>;
  update(frame: Frame | TypedUpdate<C>, options?: ChangeOptions): Promise<ChangeReport | undefined>;
}

/** A {@link BatchSeries} whose columns the type checker knows. */
export interface TypedBatchSeries<C extends ColumnTypes> extends BatchSeries {
  write(frame: Frame | TypedRows<C>, options?: Omit<WriteOptions, "note">): Promise<void>;
  update(frame: Frame | TypedUpdate<C>, options?: CallOptions): Promise<void>;
}

/** A {@link Batch} whose columns the type checker knows. */
export interface TypedBatch<C extends ColumnTypes> extends Batch {
  series(label: string): TypedBatchSeries<C>;
}

/** What is known of a collection with these columns. */
export interface TypedDescription<C extends ColumnTypes> extends CollectionDescription {
  readonly columns?: { readonly [K in NameOf<C>]?: ColumnDescription };
}

/** A {@link DescriptionChange} of a collection with these columns. */
export interface TypedDescriptionChange<C extends ColumnTypes> extends DescriptionChange {
  readonly columns?: { readonly [K in NameOf<C>]?: Edited<ColumnDescription> | null };
}

/**
 * A {@link Collection} whose columns the type checker knows: a wrong name, or a value of a wrong type, does not compile.
 *
 * @example
 * const schema = new Schema({ timestamp: "timestamp*", celsius: "float" });
 * const temperature = await repo.createCollection(schema, "temperature"); // or repo.collection<typeof schema>("temperature")
 * const frame = await temperature.series("Brussels").read({ numbers: true });
 * frame.get("celsius"); // a Float64Array
 */
export interface TypedCollection<C extends ColumnTypes> extends Collection {
  readonly schema: Schema<C>;
  series(label: string): TypedSeries<C>;
  info(options?: Omit<InfoOptions, "onStale"> & Stale<TypedDescription<C>>): Promise<TypedDescription<C>>;
  describe(change: TypedDescriptionChange<C>, options?: ChangeOptions): Promise<ChangeReport | undefined>;
  read<K extends NameOf<C> = NameOf<C>, N extends boolean = false>(
    labels: readonly string[],
    options?: Typed<ReadManyOptions, C, K, N>,
  ): Promise<Map<string, Read<C, K, N>>>;
  downsample<K extends DrawableOf<C> = Exclude<DrawableOf<C>, IndexOf<C>>>(
    options: Many<K> & { align: true },
  ): Promise<TypedAligned<K>>;
  downsample<K extends DrawableOf<C> = Exclude<DrawableOf<C>, IndexOf<C>>>(
    options: Many<K> & { align?: false },
  ): Promise<Map<string, TypedDownsampled<K>>>;
  downsample<K extends DrawableOf<C> = Exclude<DrawableOf<C>, IndexOf<C>>>(
    options: Many<K> & { align?: boolean },
  ): Promise<TypedAligned<K> | Map<string, TypedDownsampled<K>>>;
  batch(
    work: (batch: TypedBatch<C>) => Promise<unknown>,
    options?: ChangeOptions,
  ): Promise<ChangeReport | undefined>;
}

/** A collection with as much as is known of its columns. */
export type CollectionOf<C extends ColumnTypes> = string extends keyof C ? Collection : TypedCollection<C>;
