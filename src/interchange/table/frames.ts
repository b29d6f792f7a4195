import { describeValue } from "../../model/cast-value.ts";
import { LakotaError } from "../../model/errors.ts";
import type { Frame } from "../../model/frame.ts";

/** One frame, or several in sequence, such as `series.pages()`. */
export type Frames = Frame | Iterable<Frame> | AsyncIterable<Frame>;

export function iterateFrames(frames: Frames): Iterable<Frame> | AsyncIterable<Frame> {
  return "parts" in frames ? [frames] : frames; // a frame can be iterated, too, but has rows
}

/** Checks that all frames written to one file have the same columns. */
export class SameColumnsCheck {
  #expected: string | undefined;

  /** @throws `invalid-argument` for what is no frame; `invalid-frame` for a frame whose columns differ from those of the first */
  check(frame: Frame): void {
    if (typeof frame?.parts !== "function")
      throw new LakotaError("invalid-argument", `frames: ${describeValue(frame)} is not a Frame.`);
    const columns = frame.columns.map((name) => `${name} ${frame.type(name)}`).join(", ");
    this.#expected ??= columns;
    if (columns === this.#expected) return;
    const message = `All frames of a file must have the same columns: expected ${this.#expected}, got ${columns}.`;
    throw new LakotaError("invalid-frame", message);
  }
}
