/** What went wrong, as a word that code can test. The set is closed: a `switch` over it can be complete. */
export type ErrorCode =
  | "aborted" // the caller's AbortSignal fired
  | "closed" // the repo was closed
  | "conflict" // another writer's change stands in the way
  | "corrupt" // stored bytes are not what their name or header says
  | "crashed" // the worker died; the next call starts a new one
  | "exists" // the thing to be made is already there
  | "forbidden" // the store refused the credentials, or the lack of them
  | "internal" // a fault of this library
  | "invalid-argument" // a value passed to a function makes no sense
  | "invalid-frame" // columns of wrong type, length or name
  | "invalid-schema" // a schema that cannot be
  | "network" // no answer, or a broken one, after all retries
  | "not-found" // no such repo, collection, series, revision or chunk
  | "offline" // the device says that it has no network, and the cache lacks the data
  | "quota" // the browser or the disk has no room left
  | "unsorted" // index rows that decrease
  | "unsupported" // the platform lacks what is needed
  | "unsupported-codec"; // a codec that this library does not have

/**
 * The one error class of this library. `code` is for programs, `message` for people: it names the
 * thing (label, path, column) and says what to do; `cause` is what lies below, if anything.
 *
 * @example
 * try { await series.read(); }
 * catch (error) { if (error instanceof LakotaError && error.code === "forbidden") askForKeys(); }
 */
export class LakotaError extends Error {
  override readonly name = "LakotaError";
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** The error to throw when `signal` has fired: its own reason where that is one of ours. */
export function aborted(signal: AbortSignal | undefined): LakotaError {
  if (signal?.reason instanceof LakotaError) return signal.reason;
  return new LakotaError("aborted", "The operation was cancelled by its AbortSignal.", {
    cause: signal?.reason,
  });
}

/** Throws `aborted` if `signal` has fired. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw aborted(signal);
}

/** `error` itself if it is a LakotaError, else one of `code` around it. Aborts keep their own code. */
export function asLakotaError(error: unknown, code: ErrorCode = "internal", context = ""): LakotaError {
  if (error instanceof LakotaError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof Error && error.name === "AbortError") {
    return new LakotaError("aborted", "The operation was cancelled.", { cause: error });
  }
  return new LakotaError(code, context ? `${context}: ${message}` : message, { cause: error });
}
