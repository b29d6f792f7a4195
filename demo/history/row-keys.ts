import type { Collection, Frame } from "lakota";
import type { Key } from "./compare-keys.ts";

export function keysOf({ schema }: Pick<Collection, "schema">, frame: Frame): Key[] {
  const columns = schema.index.map(({ name }) => frame.get(name));
  return Array.from({ length: frame.length }, (_, row) =>
    columns.map((values) => values[row] as Key[number]),
  );
}

/** Returns the keys of the rows of one frame that another has no row with. */
export function keysOnlyIn(collection: Pick<Collection, "schema">, frame: Frame, other: Frame): Key[] {
  const others = new Set(keysOf(collection, other).map(keyText));
  return keysOf(collection, frame).filter((key) => !others.has(keyText(key)));
}

/** Returns a text that only equal keys have. */
export const keyText = (key: readonly unknown[]): string =>
  key.map((value) => `${typeof value} ${value}`).join("\n");
