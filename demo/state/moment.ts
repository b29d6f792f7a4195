import { formatTime } from "../page/format.ts";

/** A revision, as far as its time goes. */
type Dated = { readonly epoch: string };

const EPOCH_DIGITS = 11;

/** Returns the moment right after a revision was made: the state with what it wrote is the one before this moment. */
export const momentAfter = ({ epoch }: Dated): string =>
  (Number.parseInt(epoch, 16) + 1).toString(16).padStart(EPOCH_DIGITS, "0");

/** Returns a moment in epoch milliseconds. It is an epoch, the id of a revision, which begins with one, or ISO text. */
export const timeOfMoment = (moment: string): number =>
  /^[0-9a-f]{11}(-|$)/.test(moment) ? Number.parseInt(moment.slice(0, EPOCH_DIGITS), 16) : Date.parse(moment);

/**
 * Returns the place, among revisions sorted by time, of the last one that was made before a moment: 0 if there is none.
 *
 * @param moment undefined for the current state
 */
export function positionOf(revisions: readonly Dated[], moment: string | undefined): number {
  if (moment === undefined) return revisions.length - 1;
  const time = timeOfMoment(moment);
  return Math.max(
    0,
    revisions.findLastIndex(({ epoch }) => Number.parseInt(epoch, 16) < time),
  );
}

/** Names the state before a moment: `as of 2020-04-06 10:05`, or `now`. */
export const nameMoment = (moment: string | undefined): string =>
  moment === undefined ? "now" : `as of ${formatTime(timeOfMoment(moment) - 1, 60_000)}`;
