import { LakotaError } from "../../model/errors.ts";

/** The rows of the sample do not tell which of several formats the times of a column have. */
export class AmbiguousTimes extends LakotaError {
  readonly column: string;
  /** The formats that all rows of the sample match. */
  readonly candidates: readonly string[];

  constructor(message: string, column: string, candidates: readonly string[]) {
    super("invalid-frame", message);
    this.column = column;
    this.candidates = candidates;
  }

  /** Returns the error that another one, which adds the name of a file, was made of; undefined if that was no such error. */
  static in(error: unknown): AmbiguousTimes | undefined {
    if (error instanceof AmbiguousTimes) return error;
    return error instanceof LakotaError && error.cause instanceof AmbiguousTimes ? error.cause : undefined;
  }
}
