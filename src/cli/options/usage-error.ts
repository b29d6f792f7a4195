/** A command line that makes no sense: exit code 2, and a hint where to read on. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
