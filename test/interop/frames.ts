import { afterEach, beforeEach, expect } from "vitest";
import { parseDType } from "../../src/model/dtype.ts";
import type { WrittenFrame } from "../format/notation.ts";
import type { Direction } from "./directions.ts";
import type { Columns, LibraryName } from "./library.ts";

let compared: Record<Direction, number>;
beforeEach(() => {
  compared = { "Python → JavaScript": 0, "JavaScript → Python": 0 };
});
afterEach(({ task }) => {
  task.meta.frames = compared;
});

/** Expects `frame`, as read by `reader`, to equal `expected`. Counts the comparison for its direction. */
export function expectFrame(
  frame: WrittenFrame,
  expected: WrittenFrame,
  reader: LibraryName,
  hint?: string,
): void {
  expect(frame, hint).toEqual(expected);
  compared[reader === "Python" ? "JavaScript → Python" : "Python → JavaScript"]++;
}

/** Returns a frame of columns. @param types the columns of a schema, as passed to its constructor */
export function frameOf(types: Readonly<Record<string, string>>, columns: Columns): WrittenFrame {
  const written = Object.entries(types).flatMap(([name, type]) => {
    const values = columns[name];
    return values
      ? [[name, { dt: parseDType(type.split(/[*|]/)[0]!.trim()).name, values: [...values] }]]
      : [];
  });
  const [first] = Object.values(columns);
  return { length: first?.length ?? 0, columns: Object.fromEntries(written) };
}
