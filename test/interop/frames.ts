import { afterEach, beforeEach, expect } from "vitest";
import { parseDType } from "../../src/model/dtype.ts";
import type { WrittenFrame } from "../format/notation.ts";
import type { Direction } from "./directions.ts";
import type { Columns, SideName } from "./side.ts";

let compared: Record<Direction, number>;
beforeEach(() => {
  compared = { "Python → ours": 0, "ours → Python": 0 };
});
afterEach(({ task }) => {
  task.meta.frames = compared;
});

/** Compares what one side read with what is there, and counts it for the direction that leads to the reader. */
export function expectFrame(
  frame: WrittenFrame,
  wanted: WrittenFrame,
  reader: SideName,
  hint?: string,
): void {
  expect(frame, hint).toEqual(wanted);
  compared[reader === "Python" ? "ours → Python" : "Python → ours"]++;
}

/** A frame of these columns. @param types the types of a schema, as its user writes them */
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
