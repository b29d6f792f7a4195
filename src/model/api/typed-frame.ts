import type { ColumnInput } from "../cast.ts";
import type {
  Anything,
  ArrayOf,
  Arrays,
  Bool,
  ColumnTypes,
  Complex,
  DateTime,
  Duration,
  IsIndex,
  NameIn,
  NameOf,
  Nullable,
  Numeric,
  Text,
} from "../column-types.ts";
import type { Frame, FrameColumn } from "../frame.ts";
import type { Row } from "../frame-rows.ts";
import type { Schema } from "../schema.ts";
import type { Strings } from "../strings.ts";

/** The columns of a schema that was made from a literal: `ColumnsOf<typeof schema>`. */
export type ColumnsOf<S extends Schema> = S extends Schema<infer C> ? C : never;

/** What `Frame.get` returns for a column of a type. `N`: whether it was read with the option `numbers`. */
export type ValuesOf<T extends string, N extends boolean> =
  NameIn<T> extends Text
    ? string[]
    : NameIn<T> extends Anything
      ? unknown[]
      : NameIn<T> extends Numeric
        ? N extends true
          ? Arrays[ArrayOf<NameIn<T>>][1]
          : Arrays[ArrayOf<NameIn<T>>][0]
        : FrameColumn;

/** What can be written to a column of a type. */
export type InputOf<T extends string> =
  NameIn<T> extends Text
    ? ArrayLike<string> | Strings
    : NameIn<T> extends DateTime
      ? ArrayLike<string | number | bigint | Date | null | undefined>
      : NameIn<T> extends Bool
        ? ArrayLike<boolean | number>
        : NameIn<T> extends Nullable
          ? ArrayLike<number | bigint | boolean | null | undefined>
          : NameIn<T> extends Duration
            ? ArrayLike<number | bigint | null | undefined>
            : NameIn<T> extends Numeric
              ? ArrayLike<number | bigint>
              : ColumnInput;

/** Names of the columns that `Series.downsample` draws: real numbers, booleans and times. */
export type DrawableOf<C extends ColumnTypes> = {
  [K in NameOf<C>]: NameIn<C[K]> extends Exclude<Numeric, Complex> ? K : never;
}[NameOf<C>];

/** Names of the index columns. */
export type IndexOf<C extends ColumnTypes> = {
  [K in NameOf<C>]: IsIndex<C[K]> extends true ? K : never;
}[NameOf<C>];

/** What `Frame.get` returns for each column. `N`: whether it was read with the option `numbers`. */
export type FrameColumns<C extends ColumnTypes, N extends boolean> = {
  readonly [K in keyof C]: ValuesOf<C[K], N>;
};

/** What a row of a frame has for a column of a type: an item of what `Frame.get` returns; of complex numbers, both parts. */
type ItemOf<T extends string, N extends boolean> =
  NameIn<T> extends Complex
    ? [real: number, imaginary: number]
    : ValuesOf<T, N> extends ArrayLike<infer Item>
      ? Item
      : unknown;

/** What a row of a frame has for each column. `N`: whether it was read with the option `numbers`. */
export type FrameRow<C extends ColumnTypes, N extends boolean> = {
  readonly [K in keyof C]: ItemOf<C[K], N>;
};

/** The items of columns, by name. */
type ItemsOf<V> = { readonly [K in keyof V]: V[K] extends ArrayLike<infer Item> ? Item : unknown };

/** The same type. Not distributive, so that the type checker need not evaluate it for unknown columns, which takes minutes. */
type Column<V> = [V] extends [infer R extends FrameColumn] ? R : never;

/** A frame whose columns the type checker knows. `V`: what `get` returns, by name. `R`: what its rows are. */
export interface TypedFrame<V, R extends Row = ItemsOf<V>> extends Frame {
  readonly columns: readonly (keyof V & string)[];
  get<K extends keyof V & string>(name: K): Column<V[K]>;
  type(name: keyof V & string): string;
  numbers(name: keyof V & string): ReturnType<Frame["numbers"]>;
  row(index: number): R | undefined;
  toArray(): R[];
  [Symbol.iterator](): IterableIterator<R>;
}
