import { interval } from "../../src/model/key.ts";
import { SeriesModel } from "../engine/series-model.ts";
import type { WrittenFrame } from "../format/notation.ts";
import { expectFrame, frameOf } from "./frames.ts";
import type { Columns, Library } from "./library.ts";

/** The columns of a collection of numbers. */
export const NUMBERS = { t: "int*", v: "float" };

/** Rows with the keys from `from` up to, but excluding, `to`. The value of each is its key plus `offset`. */
export const numbers = (from: number, to: number, offset = 0): Columns =>
  rowsOf(Array.from({ length: to - from }, (_, i) => [from + i, from + i + offset]));

export const rowsOf = (rows: readonly (readonly [key: number, value: number])[]): Columns => ({
  t: rows.map(([key]) => String(key)),
  v: rows.map(([, value]) => `${value}.0`),
});

let lastValue = 0;

/** Writes a series "s" of a collection "c", and keeps its expected rows as of each revision. */
export class ExpectedHistory {
  readonly #model = new SeriesModel();
  readonly #states: { id: string; frame: WrittenFrame }[] = [];

  static async begin(writer: Library): Promise<ExpectedHistory> {
    await writer.create("c", NUMBERS);
    return new ExpectedHistory();
  }

  /** Returns the expected rows now. */
  frame(): WrittenFrame {
    return frameOf(NUMBERS, rowsOf(this.#model.rows.map(([[key], value]) => [Number(key), value])));
  }

  /** Replaces the range from `start` to `stop` by rows with `keys` and unique values. */
  async write(writer: Library, start: number, stop: number, keys: readonly number[]): Promise<void> {
    const rows = keys.map((key) => [key, ++lastValue] as const);
    const range = { start: [String(start)], stop: [String(stop)], closed: "both" } as const;
    await writer.write("c", "s", rowsOf(rows), range);
    this.#model.write(
      interval([start], [stop], "both"),
      rows.map(([key, value]) => [[key], value]),
    );
    await this.#record(writer);
  }

  async delete(writer: Library, start: number, stop: number): Promise<void> {
    await writer.delete("c", "s", { start: [String(start)], stop: [String(stop)] });
    this.#model.write(interval([start], [stop], "both"), []);
    await this.#record(writer);
  }

  async #record(writer: Library): Promise<void> {
    const id = (await writer.log("c")).at(-1)!;
    if (id !== this.#states.at(-1)?.id) this.#states.push({ id, frame: this.frame() });
  }

  /** Compares what `reader` reads as of each revision with the expected rows. */
  async expectStates(reader: Library): Promise<void> {
    for (const [i, { frame }] of this.#states.entries()) {
      const next = this.#states[i + 1]?.id.slice(0, 11);
      const read = await reader.read("c", "s", next === undefined ? {} : { before: next });
      expectFrame(read, frame, reader.name, `before revision ${i + 1}`);
    }
  }
}
