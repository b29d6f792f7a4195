import { LakotaError } from "../../model/errors.ts";
import { Frame } from "../../model/frame.ts";

/** One frame, or several that follow each other, such as `series.pages()`. */
export type Frames = Frame | Iterable<Frame> | AsyncIterable<Frame>;

export function iterateFrames(frames: Frames): Iterable<Frame> | AsyncIterable<Frame> {
  return frames instanceof Frame ? [frames] : frames;
}

/** Sees to it that all frames of a file have the same columns. */
export class SameColumnsCheck {
  #first: string | undefined;

  /** @throws `invalid-frame` */
  check(frame: Frame): void {
    const columns = frame.columns.map((name) => `${name} ${frame.type(name)}`).join(", ");
    this.#first ??= columns;
    if (columns === this.#first) return;
    const message = `Frames with different columns in one file: ${this.#first}, and then ${columns}.`;
    throw new LakotaError("invalid-frame", message);
  }
}
