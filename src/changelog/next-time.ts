import { LakotaError } from "../model/errors.ts";
import { MAX_TIME, msOf, ROOT, timeOf } from "./revision.ts";

/** Milliseconds by which the clocks of two writers may differ. */
const TOLERATED_SKEW = 86_400_000;

/** Whether a revision is dated more than a day after `now` (epoch milliseconds), so that a clock was wrong. */
export const isFarAhead = (id: string, now: number): boolean => msOf(id) > now + TOLERATED_SKEW;

/**
 * Returns the time of a new revision, in epoch milliseconds: `now`, or later if a parent is not older.
 *
 * @param count files of the revision; they have consecutive times from the returned one
 * @throws `conflict` for a parent dated more than a day ahead: all later revisions would have to be dated so too;
 *   `invalid-argument` for a clock outside of the times that a name can have
 */
export function nextTime(now: number, parents: Iterable<string>, count: number): number {
  if (!(now >= 0 && now <= MAX_TIME)) throw clockError(now);
  let latest = ROOT;
  for (const id of parents) if (id > latest) latest = id;
  if (isFarAhead(latest, now)) {
    throw new LakotaError(
      "conflict",
      `Revision ${latest} is dated ${timeOf(latest).toISOString()}, more than a day ahead of this machine's clock ` +
        `(${new Date(now).toISOString()}), so nothing can be written after it. If this clock is wrong, set it. If that ` +
        "of the revision's writer was wrong, clone the collection and use the clone, or delete the file of the " +
        "revision and write its rows again.",
    );
  }
  const first = Math.max(Math.floor(now), msOf(latest) + 1);
  if (first + count - 1 > MAX_TIME) throw clockError(now);
  return first;
}

const clockError = (now: number): LakotaError =>
  new LakotaError(
    "invalid-argument",
    `This machine's clock says ${now} ms since 1970, and revisions can have times from 0 to ${MAX_TIME} ` +
      `(${new Date(MAX_TIME).toISOString()}). Nothing was written. Set the clock.`,
  );
