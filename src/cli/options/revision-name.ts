import { UsageError } from "./usage-error.ts";
import { parseWhen } from "./when.ts";

/** How a revision may be named, for help and error messages. */
export const REVISION_FORMS =
  "head (the newest), head~2 (two before it), an id or its first 8 digits or more, a time such as 2026-03-01T12:00 (the last revision made up to then), or @{yesterday}, @{2026-03-01}, @{2 hours ago}, @{-7d}";

/** A revision as the command line names it, before it is looked up. */
export interface RevisionName {
  /** The newest one, one by the first digits of its id, or the last one made up to a time (epoch milliseconds). */
  readonly base: { readonly head: true } | { readonly prefix: string } | { readonly until: number };
  /** How many revisions before that: each step goes to the latest parent. */
  readonly back: number;
}

/** An id, or a prefix of at least 8 digits; shorter numbers are years. */
const ID = /^[\da-f]{8,}(?:-[\da-f]*)?$/;
/** `~`, `~2` and `^`, as in git. */
const STEPS = /(?:~\d*|\^)+$/;

/** Whether a text is an id, or a prefix of one. */
export const isRevisionId = (text: string): boolean => ID.test(text);

/**
 * Reads the name of a revision; undefined for other text.
 *
 * @param now epoch milliseconds, from which relative times count. Default: when the command was started
 */
export function readRevisionName(text: string, now?: number): RevisionName | undefined {
  const steps = STEPS.exec(text)?.[0] ?? "";
  const back = (steps.match(/~\d*|\^/g) ?? []).reduce(
    (sum, step) => sum + (step.length > 1 ? Number(step.slice(1)) : 1),
    0,
  );
  const name = text.slice(0, text.length - steps.length);
  if (/^(?:head|@)$/i.test(name)) return { base: { head: true }, back };
  if (ID.test(name)) return { base: { prefix: name }, back };
  const [, braced] = /^(?:head)?@\{(.*)\}$/is.exec(name) ?? [];
  const until = parseWhen(braced ?? name, now);
  return until === undefined ? undefined : { base: { until }, back };
}

/** @throws UsageError for text that is no name of a revision, with the accepted forms */
export function parseRevisionName(text: string): RevisionName {
  const name = readRevisionName(text);
  if (name) return name;
  throw new UsageError(`"${text}" does not name a revision. Write ${REVISION_FORMS}.`);
}
