import { interval } from "../../src/model/key.ts";
import type { WrittenFrame } from "../format/notation.ts";
import { Model } from "../engine/model.ts";
import { expectFrame, frameOf } from "./frames.ts";
import type { Columns, Side } from "./side.ts";

/** A collection of numbers. */
export const NUMBERS = { t: "int*", v: "float" };

/** Rows of the keys from `from` to before `to`, each with its key, plus something, as value. */
export const numbers = (from: number, to: number, more = 0): Columns =>
  rowsOf(Array.from({ length: to - from }, (_, i) => [from + i, from + i + more]));

export const rowsOf = (rows: readonly (readonly [key: number, value: number])[]): Columns => ({
  t: rows.map(([key]) => String(key)),
  v: rows.map(([, value]) => `${value}.0`),
});

let values = 0;

/** One series "s" of a collection "c", and what it must show, now and after each revision. */
export class History {
  readonly #model = new Model();
  readonly #states: { id: string; frame: WrittenFrame }[] = [];

  static async begin(by: Side): Promise<History> {
    await by.create("c", NUMBERS);
    return new History();
  }

  /** What the series must show now. */
  frame(): WrittenFrame {
    return frameOf(NUMBERS, rowsOf(this.#model.rows.map(([[key], value]) => [Number(key), value])));
  }

  /** Writes keys, with values that were never written before, in place of all from `start` to `stop`. */
  async write(by: Side, start: number, stop: number, keys: readonly number[]): Promise<void> {
    const rows = keys.map((key) => [key, ++values] as const);
    const range = { start: [String(start)], stop: [String(stop)], closed: "both" } as const;
    await by.write("c", "s", rowsOf(rows), range);
    this.#model.write(
      interval([start], [stop], "both"),
      rows.map(([key, value]) => [[key], value]),
    );
    await this.#note(by);
  }

  async delete(by: Side, start: number, stop: number): Promise<void> {
    await by.delete("c", "s", { start: [String(start)], stop: [String(stop)] });
    this.#model.write(interval([start], [stop], "both"), []);
    await this.#note(by);
  }

  async #note(by: Side): Promise<void> {
    const id = (await by.log("c")).at(-1)!;
    if (id !== this.#states.at(-1)?.id) this.#states.push({ id, frame: this.frame() });
  }

  /** Reads the series as it was before each revision, and now. */
  async expectStates(reader: Side): Promise<void> {
    for (const [i, { frame }] of this.#states.entries()) {
      const next = this.#states[i + 1]?.id.slice(0, 11);
      const read = await reader.read("c", "s", next === undefined ? {} : { before: next });
      expectFrame(read, frame, reader.name, `before revision ${i + 1}`);
    }
  }
}
