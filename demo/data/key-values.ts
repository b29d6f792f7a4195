import type { Frame, IndexValue, Schema } from "lakota";
import { formatTime } from "../page/format.ts";
import type { SeriesState } from "./read-span.ts";
import { readState } from "./read-state.ts";

/** Number of keys that have lines at first. More would be hard to tell apart. */
const FIRST_KEYS = 6;

/** A name that no column of a schema has. */
const ROWS = " rows";

/** One combination of values of the index columns after the first, such as a station. */
export interface Key {
  /** Its values as text: the name of its lines. */
  readonly name: string;
  readonly values: readonly IndexValue[];
}

/** The keys of some series. */
export interface KeyValues {
  /** Names of the index columns after the first. */
  readonly columns: readonly string[];
  readonly all: readonly Key[];
  /** Those that have lines. */
  readonly chosen: readonly Key[];
}

/** Where all rows have lines. */
export const NO_KEYS: KeyValues = { columns: [], all: [], chosen: [{ name: "", values: [] }] };

/**
 * Reads which keys some series have. Undefined where the index is a single column.
 *
 * @param wanted names of the keys to choose; undefined for the first few
 */
export async function readKeys(
  { collection, series, before, signal }: Omit<SeriesState, "reads">,
  wanted: readonly string[] | undefined,
): Promise<KeyValues | undefined> {
  const columns = keyColumns(collection.schema);
  if (columns.length === 0) return undefined;
  const { col, count } = await import("lakota/query");
  const frames = await Promise.all(
    series.map((each) =>
      each.reduce({
        columns: { ...Object.fromEntries(columns.map((name) => [name, col(name)])), [ROWS]: count() },
        numbers: true,
        signal,
        ...readState(before),
      }),
    ),
  );
  const all = new Map<string, Key>();
  for (const frame of frames) {
    for (const key of keysOf(frame, columns)) all.set(key.name, key);
  }
  const keys = [...all.values()];
  const chosen = wanted ? keys.filter(({ name }) => wanted.includes(name)) : [];
  return { columns, all: keys, chosen: chosen.length > 0 ? chosen : keys.slice(0, FIRST_KEYS) };
}

/** Returns the names of the index columns after the first. */
export const keyColumns = (schema: Schema): string[] => schema.index.slice(1).map(({ name }) => name);

/** Returns the key of each row of a frame, which was read with `numbers`. */
export function keysOf(frame: Frame, columns: readonly string[]): Key[] {
  const cells = columns.map((name) => ({
    values: frame.get(name),
    time: frame.type(name).startsWith("datetime64"),
  }));
  return Array.from({ length: frame.length }, (_, row) => {
    const values = cells.map(({ values }) => indexValue(values[row]));
    const texts = values.map((value, i) => (cells[i]!.time ? formatTime(Number(value), 0) : String(value)));
    return { name: texts.join(" / "), values };
  });
}

function indexValue(value: unknown): IndexValue {
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "string") return value;
  throw new Error("An index column has a value that is neither a number nor text.");
}
