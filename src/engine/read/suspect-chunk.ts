import type { DecodedChunk } from "../../codecs/chunk.ts";
import type { Verdict } from "../../codecs/digest.ts";
import { type Bytes, sameBytes } from "../../model/bytes.ts";
import { LakotaError } from "../../model/errors.ts";
import { hashedPath } from "../../model/layout.ts";
import { fetchChunk, fetchSetAside } from "../../stores/fetch-chunk.ts";
import type { Store } from "../../stores/store.ts";
import type { ChunkRequest } from "./chunk-request.ts";

/** A chunk that is missing, damaged, or cannot be verified, as far as is known. */
export interface SuspectChunk {
  /** What was fetched; undefined if there was nothing. */
  readonly bytes: Bytes | undefined;
  /** What that decodes to, or why it does not; undefined if there was nothing. */
  readonly found: DecodedChunk | LakotaError | undefined;
  /** The verdict of an earlier load. */
  readonly known: Verdict | undefined;
  readonly decode: (bytes: Bytes) => Promise<DecodedChunk | LakotaError>;
  readonly store: Store;
  readonly allowUnverified: boolean;
  readonly warn: (message: string) => void;
}

/**
 * Fetches a suspect chunk again, past all caches, and returns what it decodes to.
 *
 * @throws `not-found` if it is missing; `corrupt` if it is damaged, or cannot be verified and must be; `unsupported-codec`
 */
export async function judge(request: ChunkRequest, suspect: SuspectChunk): Promise<DecodedChunk> {
  const { known, store, warn, decode } = suspect;
  const name = `${nameOf(request)} in ${store.uri}`;
  const bytes = suspect.bytes ?? (await setAside(request, store));
  const found = suspect.found ?? (await decode(bytes));
  const isKnown = known !== undefined && !(found instanceof LakotaError);
  const chunk = isKnown ? { ...found, verdict: known } : await rechecked(found, bytes, request, suspect);
  if (chunk instanceof LakotaError || chunk.verdict === "bad") throw corrupt(name, chunk);
  if (chunk.verdict === "good") return chunk;
  const { verifiedOnly, isPlausible } = request;
  if (verifiedOnly || !(suspect.allowUnverified || isPlausible?.(chunk.column))) throw unverified(name);
  if (!isKnown)
    warn(
      `${name} cannot be verified: its digest is of other bytes. Python Lakota writes such chunks for times that it ` +
        "had to round to the column's unit.",
    );
  return chunk;
}

/** @throws `not-found` */
async function setAside(request: ChunkRequest, store: Store): Promise<Bytes> {
  const { signal, onBytes } = request;
  const found = await fetchSetAside(store, hashedPath(request.digest), {
    signal,
    ...(onBytes && { onBytes }),
  });
  if (found) return found;
  throw missing(request, store.uri);
}

async function rechecked(
  found: DecodedChunk | LakotaError,
  bytes: Bytes,
  request: ChunkRequest,
  { decode, store }: SuspectChunk,
): Promise<DecodedChunk | LakotaError> {
  if (!(found instanceof LakotaError) && found.verdict === "good") return found;
  const again = await fetchChunk(store, request.digest, { signal: request.signal, reload: true });
  if (!again) return missing(request, store.uri);
  const chunk = sameBytes(again, bytes) ? found : await decode(again);
  if (chunk instanceof LakotaError && chunk.code === "unsupported-codec") throw chunk;
  return chunk;
}

/** Names a chunk in messages. */
const nameOf = ({ digest, column, label }: ChunkRequest): string =>
  `Chunk ${hashedPath(digest)} (column "${column.name}"${label === undefined ? "" : ` of series "${label}"`})`;

function missing(request: ChunkRequest, uri: string): LakotaError {
  return new LakotaError(
    "not-found",
    `${nameOf(request)} is missing from ${uri}. ` +
      "The copy is incomplete, or a garbage collection deleted it: read again, or pull from another copy.",
  );
}

function corrupt(name: string, why: unknown): LakotaError {
  const detail = why instanceof LakotaError ? ` ${why.message}` : "";
  const message =
    `${name} does not match its digest, even after it was fetched again.${detail} ` +
    "Restore it from a copy of the repository, or write the range again.";
  return new LakotaError("corrupt", message, { cause: why });
}

function unverified(name: string): LakotaError {
  return new LakotaError(
    "corrupt",
    `${name} cannot be verified, and may be damaged: its digest is of other bytes, as Python Lakota writes them for ` +
      "times that it had to round to the column's unit. Restore it from a copy of the repository, write the range again, " +
      "or use the rows all the same with the option allowUnverified (--allow-unverified).",
  );
}
