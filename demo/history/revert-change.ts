import type { Collection, Note, RangeChange } from "lakota";
import { readState } from "../data/read-state.ts";
import type { DetailedRevision } from "../state/page-state.ts";
import { headsOf } from "./conflicts.ts";
import { formatSpan } from "./format-value.ts";
import { findAuthor, findConflict, type RowConflict } from "./revert-conflicts.ts";
import { formatNote, formatRevisionTime } from "./revision-text.ts";
import { keysOnlyIn } from "./row-keys.ts";

/** Rows of a change that can be reverted while later changes stay. */
const MAX_ROWS = 100_000;
/** Milliseconds for the check of what a commit has overwritten. */
const CHECK_TIMEOUT = 10_000;

/** What reverting a change would do. */
export type RevertPlan =
  | { kind: "impossible"; reason: string }
  | {
      kind: "possible";
      effect: string;
      /**
       * Makes the revision. Returns a row that others wrote at the same moment, and that it replaced; empty if there is none,
       * or that could not be found out.
       */
      run(note: Note): Promise<string>;
    };

/** What was found out of the current state, and has to be found out again before writing. */
type FoundPlan =
  | { kind: "impossible"; reason: string }
  | { kind: "possible"; effect: string; write(note: Note): Promise<string> };

const impossible = (reason: string): FoundPlan => ({ kind: "impossible", reason });

/**
 * Finds out what it takes to undo what one revision changed, and nothing else. Later changes stay; where they touch the
 * same rows, the change cannot be reverted. `run` fails if others have changed that meanwhile.
 *
 * @param known the history as far as it is known, oldest first
 */
export async function planRevert(
  collection: Collection,
  known: readonly DetailedRevision[],
  revision: DetailedRevision,
  signal: AbortSignal,
): Promise<RevertPlan> {
  const find = () => findPlan(collection, known, revision, signal);
  const plan = await find();
  if (plan.kind === "impossible") return plan;
  const { kind, effect } = plan;
  const run = async (note: Note) => {
    const current = await find();
    if (current.kind === "impossible")
      throw new Error(`Others have changed this collection meanwhile. ${current.reason}`);
    if (current.effect !== effect)
      throw new Error(
        "Others have changed this collection meanwhile. Nothing was written. Close this dialog and open it again.",
      );
    return current.write(note);
  };
  return { kind, effect, run };
}

async function findPlan(
  collection: Collection,
  known: readonly DetailedRevision[],
  revision: DetailedRevision,
  signal: AbortSignal,
): Promise<FoundPlan> {
  const [parent, other] = revision.parents;
  if (parent === undefined || /^[0-]*$/.test(parent))
    return impossible("It is the first revision: there is no earlier state to return to.");
  if (other !== undefined)
    return impossible("A merge only joins what others wrote. Revert one of the revisions that it joins.");
  const details = new Map(known.map((each) => [each.id, each]));
  const log = await collection.log({ signal });
  const revisions = log.map((each): DetailedRevision => ({ ...details.get(each.id), ...each }));
  const heads = headsOf(revisions);
  const isNewest = heads.length === 1 && heads[0]!.id === revision.id;
  const ranges = await collection.diff(parent, revision, { signal });
  if (ranges.length === 0) return impossible("It changed no rows.");
  const type = collection.schema.index[0]!.dtype.name;
  // What the change removed, the current state does not have.
  const states = [undefined, revision.id];
  const sizes = await Promise.all(states.map((before) => countRows(collection, ranges, before, signal)));
  if (sizes.reduce((sum, size) => sum + size, 0) > MAX_ROWS)
    return impossible("It changed too many rows to be reverted. An earlier state can be restored.");
  const changes = await collection.diff(parent, revision, { rows: true, signal });
  const conflict = await findConflict(collection, changes, undefined, signal);
  if (conflict) {
    const by = await findAuthor(collection, revisions, revision, conflict, signal);
    const who = by
      ? `by ${formatNote(by) || "a revision without a note"} (${formatRevisionTime(by)} UTC)`
      : "later";
    return impossible(
      `Some of these rows were changed again ${who}: ${placeOf(conflict, type)}. Revert that change first, or restore an earlier state.`,
    );
  }
  return {
    kind: "possible",
    effect: isNewest
      ? `There are no later changes. ${describe(ranges, type)}`
      : `${describe(ranges, type)} Later changes stay.`,
    write: async (note) => {
      const report = await writeBack(collection, changes, note);
      if (!report) return "";
      // A commit takes what others have committed until then: after the last check, too. The change is reverted by now,
      // whatever becomes of this check, and the dialog that waits for it may be closed.
      const lost = await findConflict(
        collection,
        changes,
        report.revision,
        AbortSignal.timeout(CHECK_TIMEOUT),
      ).catch(() => undefined);
      return lost ? placeOf(lost, type) : "";
    },
  };
}

/** Writes the rows as they were before some changes, which have their rows. */
function writeBack(collection: Collection, changes: readonly RangeChange[], note: Note) {
  return collection.batch(
    async (batch) => {
      for (const { label, rows } of changes) {
        const { removed, added } = rows!;
        const keys = keysOnlyIn(collection, added, removed);
        if (keys.length > 0) await batch.series(label).delete({ keys });
        if (removed.length > 0) await batch.series(label).update(removed);
      }
    },
    { note },
  );
}

const placeOf = ({ label, key }: RowConflict, type: string): string =>
  `“${label}”, ${formatSpan({ start: key, stop: key }, type)}`;

/** Says which ranges return to their former state. */
function describe(ranges: readonly RangeChange[], type: string): string {
  const texts = ranges.slice(0, 3).map((range) => {
    const what = { added: "is removed", changed: "gets its earlier values", removed: "comes back" }[
      range.kind
    ];
    return `“${range.label}”, ${formatSpan(range, type)} ${what}`;
  });
  const more = ranges.length > 3 ? `, and ${ranges.length - 3} more` : "";
  return `${texts.join("; ")}${more}.`;
}

async function countRows(
  collection: Collection,
  ranges: readonly RangeChange[],
  before: string | undefined,
  signal: AbortSignal,
): Promise<number> {
  const lengths = await Promise.all(
    ranges.map(({ label, start, stop, closed }) =>
      collection.series(label).length({
        closed,
        ...(start.length > 0 && { start }),
        ...(stop.length > 0 && { stop }),
        signal,
        ...readState(before),
      }),
    ),
  );
  return lengths.reduce((sum, each) => sum + each, 0);
}
