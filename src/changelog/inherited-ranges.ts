import type { Bytes } from "../model/bytes.ts";
import { compareStrings } from "../model/key.ts";
import type { Log } from "./log.ts";
import { recordsAncestor } from "./recent-ancestors.ts";
import { ROOT } from "./revision.ts";
import type { TouchedRange, Touches } from "./touched-ranges.ts";

/** A revision that inherited a range from missing parents. */
export interface InheritedBy {
  readonly id: string;
  /** The latest missing parent. */
  readonly missingParent: string;
}

/** A revision with missing parents. */
interface Heir {
  readonly id: string;
  /** All that it shows. */
  readonly inherited: readonly TouchedRange[];
  /** The ancestors that it records. */
  readonly ancestors?: Bytes | undefined;
}

interface Inheritance extends Touches<InheritedBy> {
  readonly parents: readonly string[];
  /** Those of them that are missing, earliest first. */
  readonly missing: readonly string[];
  readonly ancestors: Bytes | undefined;
}

/**
 * Returns what revisions inherited from missing parents, earliest first, for {@link overlayTouchedRanges}.
 *
 * The time is that of the latest missing parent. But what was inherited from revisions that another one records as its
 * ancestors comes before what that one inherited, whenever they were made: a writer may build on a revision that was
 * trimmed meanwhile.
 */
export function inheritedRanges(log: Log, heirs: readonly Heir[]): Inheritance[] {
  return inOrder(
    heirs.map(({ id, inherited, ancestors }) => {
      const parents = log.parents.get(id)!.filter((parent) => parent !== ROOT);
      const missing = parents.filter((parent) => !log.parents.has(parent)).sort(compareStrings);
      const by = { id, missingParent: missing.at(-1) ?? "" }; // ids sort by time
      return { by, ranges: inherited, parents, missing, ancestors };
    }),
  );
}

function inOrder(inherited: readonly Inheritance[]): Inheritance[] {
  const byTime = [...inherited].sort((a, b) => compareStrings(a.by.missingParent, b.by.missingParent));
  const includes = ({ parents, ancestors }: Inheritance) => {
    const isRecorded = recordsAncestor(ancestors);
    return (id: string) => parents.includes(id) || isRecorded(id);
  };
  const sorted: Inheritance[] = [];
  for (const one of byTime) {
    const later = sorted.findIndex(
      (other) => one.missing.every(includes(other)) && !other.parents.every(includes(one)),
    );
    sorted.splice(later < 0 ? sorted.length : later, 0, one);
  }
  return sorted;
}
