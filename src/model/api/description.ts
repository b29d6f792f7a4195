import type { StaleOptions } from "./options.ts";
import type { RangeOptions } from "./read.ts";

/** What a column holds, in words for people. Nothing of it changes how values are read or written. */
export interface ColumnDescription {
  /** A name to show in place of the column's. At most 200 characters. */
  readonly title?: string;
  /** The unit of the values, such as `°C`. At most 200 characters. */
  readonly unit?: string;
  /** A sentence or more. At most 10,000 characters. */
  readonly description?: string;
}

/** What a series holds. Its title, unit and description count before those of the columns. */
export interface SeriesDescription extends ColumnDescription {
  /** Words by which `Collection.ls` finds it. At most 100, of at most 200 characters. */
  readonly tags?: readonly string[];
}

/** What is said of a collection as a whole. */
export interface CollectionFields {
  /** A name to show in place of the label. At most 200 characters. */
  readonly title?: string;
  /** A sentence or more. At most 10,000 characters. */
  readonly description?: string;
  /** Where the data are from: a name, an address, or both. At most 1,000 characters. */
  readonly source?: string;
  /** The terms under which they may be used. At most 1,000 characters. */
  readonly licence?: string;
  /**
   * The time zone in which to show the times, which are stored as UTC; an IANA name such as `Europe/Brussels`. Default:
   * UTC.
   */
  readonly timeZone?: string;
}

/** What is known of a collection: the result of `Collection.info`. Fields that are not set are missing. */
export interface CollectionDescription extends CollectionFields {
  /** By the names of columns; only those that have a description. */
  readonly columns?: Readonly<Record<string, ColumnDescription | undefined>>;
  /** By label; only those that have a description, and were asked for. */
  readonly series?: Readonly<Record<string, SeriesDescription | undefined>>;
}

/** Fields to set. `null` removes one; those that are left out stay as they are. */
export type Edited<Fields> = { readonly [Name in keyof Fields]?: Fields[Name] | null };

/** What `Collection.describe` changes. A whole column or series that is `null` loses its description. */
export interface DescriptionChange extends Edited<CollectionFields> {
  /** By the names of columns of the collection. */
  readonly columns?: Readonly<Record<string, Edited<ColumnDescription> | null | undefined>>;
  /** By label. A series need not exist yet. */
  readonly series?: Readonly<Record<string, Edited<SeriesDescription> | null | undefined>>;
}

/** Options of `Collection.info`. */
export interface InfoOptions extends StaleOptions<CollectionDescription>, Pick<RangeOptions, "before"> {
  /** Labels of series to describe as well, or `"all"`. Default: none. */
  series?: readonly string[] | "all";
}

/** Options of `Series.info`. */
export type SeriesInfoOptions = Omit<InfoOptions, "series" | "onStale">;
