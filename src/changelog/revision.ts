import { LakotaError } from "../model/errors.ts";
import { hextime, parseRevisionName } from "../model/layout.ts";
import { ISO_EXAMPLES, parseIsoMs } from "../model/time.ts";

/** The id that first revisions have as parent. */
export const ROOT = `${"0".repeat(11)}-${"0".repeat(40)}`;

/** A revision file: `parent.child`, each a hextime and a sha1. */
export interface RevisionName {
  readonly parent: string;
  readonly child: string;
  /** Name of the file. It keeps the original ids where {@link joinTwins} replaced `parent` or `child`. */
  readonly name: string;
  /** Path of the file in the store, if known. */
  readonly path?: string;
}

/** Parses the name of a revision file; undefined for other files. */
export function parseName(name: string): RevisionName | undefined {
  const ids = parseRevisionName(name);
  return ids && { ...ids, name };
}

/** The time in an id: 11 hex digits. */
export const epochOf = (id: string): string => id.slice(0, 11);
export const digestOfId = (id: string): string => id.slice(12);
/** The time in an id, in epoch milliseconds. */
export const msOf = (id: string): number => Number.parseInt(epochOf(id), 16);
export const timeOf = (id: string): Date => new Date(msOf(id));

/** The last time that an id can have: 11 hex digits of epoch milliseconds, in the year 2527. */
export const MAX_TIME = 0xfff_ffff_ffff;
/** Returns the id of the same content one millisecond later; undefined after the last time of the format. */
export function laterTwin(id: string): string | undefined {
  const ms = msOf(id) + 1;
  return ms > MAX_TIME ? undefined : `${hextime(ms)}-${digestOfId(id)}`;
}

/**
 * Returns the epoch of `before`: a time (epoch milliseconds, or ISO 8601 text, in UTC unless it names a
 * zone), a revision or its id, or an epoch.
 *
 * @throws `invalid-argument`
 */
export function toEpoch(before: Date | string | number | { epoch: string }): string {
  let ms: number | undefined;
  if (typeof before === "number" || before instanceof Date) ms = Number(before);
  else {
    const text: unknown = typeof before === "string" ? before : (before as { epoch?: unknown } | null)?.epoch;
    if (typeof text === "string") {
      if (/^[0-9a-f]{11}(-[0-9a-f]{40})?$/.test(text)) return epochOf(text);
      ms = parseIsoMs(text);
    }
  }
  if (ms !== undefined && ms >= 0 && ms < Number.POSITIVE_INFINITY) return hextime(Math.min(ms, MAX_TIME));
  throw new LakotaError(
    "invalid-argument",
    `before: ${String(before)} is not a time since 1970, a revision or an epoch of 11 hex digits. ` +
      `Write a time as ${ISO_EXAMPLES}.`,
  );
}
