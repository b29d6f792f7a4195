/** An invalid command line. The command exits with code 2 and names the help to read. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
