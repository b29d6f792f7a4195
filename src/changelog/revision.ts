import { LakotaError } from "../model/errors.ts";

/** The parent of first revisions. */
export const ROOT = `${"0".repeat(11)}-${"0".repeat(40)}`;

/** A revision file: `parent.child`, each a hextime and a sha1. */
export interface RevisionName {
  readonly parent: string;
  readonly child: string;
  /** Of the file. Where {@link joinTwins} gave revisions the name of another, the file keeps its own. */
  readonly name: string;
}

const NAME = /^([0-9a-f]{11}-[0-9a-f]{40})\.([0-9a-f]{11}-[0-9a-f]{40})$/;

/** The revision that a file name tells, or undefined for a file that is none. */
export function parseName(name: string): RevisionName | undefined {
  const match = NAME.exec(name);
  return match ? { parent: match[1]!, child: match[2]!, name } : undefined;
}

/** Epoch milliseconds as 11 hex digits, which sort as the times do. */
export const hextime = (ms: number): string => Math.floor(ms).toString(16).padStart(11, "0");
export const epochOf = (id: string): string => id.slice(0, 11);
/** The same content, named one millisecond later. */
export const laterTwin = (id: string): string =>
  `${hextime(Number.parseInt(epochOf(id), 16) + 1)}-${digestOfId(id)}`;
export const digestOfId = (id: string): string => id.slice(12);
export const timeOf = (id: string): Date => new Date(Number.parseInt(epochOf(id), 16));

/**
 * The epoch that `before` means: a time, a revision or its id, or an epoch.
 *
 * @throws `invalid-argument`
 */
export function toEpoch(before: Date | string | number | { epoch: string }): string {
  if (typeof before === "number" || before instanceof Date) {
    const ms = Number(before);
    if (Number.isFinite(ms) && ms >= 0) return hextime(ms);
  } else if (typeof before === "object") {
    return before.epoch;
  } else {
    if (/^[0-9a-f]{11}(-[0-9a-f]{40})?$/.test(before)) return epochOf(before);
    const ms = Date.parse(before);
    if (ms >= 0) return hextime(ms);
  }
  throw new LakotaError(
    "invalid-argument",
    `before: ${String(before)} is not a time, a revision or an epoch of 11 hex digits.`,
  );
}
