/**
 * The kind of an error. The set is closed, so a `switch` over it can be exhaustive.
 *
 * - `aborted`: the caller's AbortSignal fired
 * - `closed`: the repo was closed
 * - `conflict`: a change of another writer, or one that is not sent yet, makes this one impossible
 * - `corrupt`: stored bytes do not match their name or header
 * - `crashed`: the worker died; the next call starts a new one
 * - `exists`: what is to be created exists already
 * - `forbidden`: the store refused the credentials, or requires some
 * - `internal`: a bug in this library
 * - `invalid-argument`: an invalid value was passed to a function
 * - `invalid-frame`: columns with a wrong type, length or name
 * - `invalid-schema`: an impossible schema
 * - `network`: no response, or a broken one, after all retries
 * - `not-found`: no such repo, collection, series, revision or chunk
 * - `offline`: the device has no network, and the cache lacks the data
 * - `quota`: no space left: in memory, in the browser or on the disk
 * - `unsorted`: rows that are not sorted by the index
 * - `unsupported`: the platform or store lacks what is needed
 * - `unsupported-codec`: a codec that this library lacks
 */
export type ErrorCode =
  | "aborted"
  | "closed"
  | "conflict"
  | "corrupt"
  | "crashed"
  | "exists"
  | "forbidden"
  | "internal"
  | "invalid-argument"
  | "invalid-frame"
  | "invalid-schema"
  | "network"
  | "not-found"
  | "offline"
  | "quota"
  | "unsorted"
  | "unsupported"
  | "unsupported-codec";

/**
 * The only error class of this library. `code` is for programs. `message` is for people: it names the label,
 * path or column, and says what to do. `cause` is the underlying error, if there is one.
 *
 * @example
 * try { await series.read(); }
 * catch (error) { if (error instanceof LakotaError && error.code === "forbidden") askForKeys(); }
 */
export class LakotaError extends Error {
  /** The name of the class, also in minified code. */
  static override readonly name = "LakotaError";
  /** Always `LakotaError`. */
  override readonly name = "LakotaError";
  /** What went wrong, for programs. */
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/**
 * Returns the error to throw when `signal` has fired: its reason if that is a LakotaError, else `aborted`.
 */
export function aborted(signal: AbortSignal | undefined): LakotaError {
  if (signal?.reason instanceof LakotaError) return signal.reason;
  return new LakotaError("aborted", "The operation was cancelled by its AbortSignal.", {
    cause: signal?.reason,
  });
}

/** Throws {@link aborted} if `signal` has fired. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw aborted(signal);
}

/**
 * Returns `error` itself if it is a LakotaError, else one with `code` that wraps it; the code of an
 * `AbortError` is `aborted`.
 */
export function asLakotaError(error: unknown, code: ErrorCode = "internal", context = ""): LakotaError {
  if (error instanceof LakotaError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof Error && error.name === "AbortError") {
    return new LakotaError("aborted", "The operation was cancelled.", { cause: error });
  }
  return new LakotaError(code, context ? `${context}: ${message}` : message, { cause: error });
}

/**
 * Returns what `use` makes of an argument. What it throws becomes `invalid-argument` with `message`, which names the
 * argument and says what it must be; LakotaErrors are passed on.
 */
export function readArgument<T>(message: string, use: () => T): T {
  try {
    return use();
  } catch (cause) {
    throw cause instanceof LakotaError ? cause : new LakotaError("invalid-argument", message, { cause });
  }
}
