import type { Collection, RangeChange, Revision } from "lakota";
import { compareKeys } from "./compare-keys.ts";
import { earlierStop, laterStart, unionRanges } from "./ranges.ts";

/** A range that two heads have both changed since they parted. The later one is shown. */
export interface HeadConflict {
  label: string;
  start: RangeChange["start"];
  stop: RangeChange["stop"];
}

/** Returns the heads of a history. */
export const headsOf = <R extends Pick<Revision, "head">>(revisions: readonly R[]): R[] =>
  revisions.filter(({ head }) => head);

/** Returns the ids of a revision and of all that it was built on, as far as they are known. */
function ancestry(id: string, byId: ReadonlyMap<string, Pick<Revision, "parents">>): Set<string> {
  const found = new Set([id]);
  for (const each of found) for (const parent of byId.get(each)?.parents ?? []) found.add(parent);
  return found;
}

/** Returns the latest revision that all heads were built on; undefined if there is none. */
export function commonBase(revisions: readonly Revision[]): Revision | undefined {
  const byId = new Map(revisions.map((revision) => [revision.id, revision]));
  const ancestries = headsOf(revisions).map(({ id }) => ancestry(id, byId));
  return revisions
    .filter(({ id }) => ancestries.every((ids) => ids.has(id)))
    .reduce<Revision | undefined>(
      (latest, each) => (latest && latest.epoch > each.epoch ? latest : each),
      undefined,
    );
}

/** Finds what several heads have changed in different ways since they parted. No chunk is read. */
export async function findConflicts(
  collection: Collection,
  revisions: readonly Revision[],
  signal: AbortSignal,
): Promise<HeadConflict[]> {
  const base = commonBase(revisions);
  const heads = headsOf(revisions);
  if (!base || heads.length < 2) return [];
  const changes = await Promise.all(heads.map((head) => collection.diff(base, head, { signal })));
  return unionRanges(
    changes.flatMap((mine, i) => changes.slice(i + 1).flatMap((theirs) => overlaps(mine, theirs))),
  );
}

/** Returns the common parts of ranges that two sides have changed. */
export function overlaps(mine: readonly RangeChange[], theirs: readonly RangeChange[]): HeadConflict[] {
  return mine.flatMap((a) =>
    theirs.flatMap((b) => {
      if (a.label !== b.label) return [];
      const start = laterStart(a.start, b.start);
      const stop = earlierStop(a.stop, b.stop);
      return stop.length > 0 && start.length > 0 && compareKeys(start, stop) > 0
        ? []
        : [{ label: a.label, start, stop }];
    }),
  );
}
