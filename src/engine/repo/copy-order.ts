/**
 * The order in which revision files are copied, so that a reader who lists the target at any time, and after a
 * copy that was cut, sees a state that was.
 *
 * ```
 *   in the target:       A --- B ...................... F --- G
 *   missing, older:                C --- D --- E                     children first: E, D, C
 *   missing, newer:                                             H --- I --- J    parents first: H, I, J
 * ```
 *
 * - A revision that comes before its child would count as a head. So ancestors of what the target knows come
 *   children first.
 * - A revision that comes before its parent would hide what it does not know. So all others come parents first.
 * - Within a chain that the revisions record ({@link recordedChains}), any order is right once the end that links it
 *   to the target is there, if all heads of the target are on the chain's side: none is concurrent with it. E first,
 *   then C and D at once; H first, then I and J at once.
 */

import type { RevisionFile } from "../../changelog/changelog-queries.ts";
import { buildLog, type Log } from "../../changelog/log.ts";
import { ancestors } from "../../changelog/log-lookup.ts";
import { joinTwins } from "../../changelog/python/twins.ts";
import { recordedChains } from "../../changelog/recorded-chains.ts";
import { digestOfId, parseName, type RevisionName } from "../../changelog/revision.ts";
import type { Bytes } from "../../model/bytes.ts";

/** What is copied, and to where. */
export interface RevisionCopy {
  /** The source's tree. */
  readonly log: Log;
  /** The source's files. */
  readonly files: readonly RevisionFile[];
  /** Those of them that are to be copied. */
  readonly missing: readonly RevisionFile[];
  /** Paths of the target's files. */
  readonly present: ReadonlySet<string>;
  /** Returns the ancestors that a revision to be copied records. */
  ancestorsOf(id: string): Bytes | undefined;
}

/** Returns the files to copy in steps. Files of one step may arrive in any order, but also one by one as listed. */
export function copySteps({ log, files, missing, present, ancestorsOf }: RevisionCopy): RevisionFile[][] {
  // Also what the source lacks, and the parents of that: the target may have trimmed these.
  const named = [...present].flatMap((path) => parseName(path.slice(path.lastIndexOf("/") + 1)) ?? []);
  const idOf = new Map(log.ids.map((id) => [digestOfId(id), id])); // twins have one digest
  const known = new Set([
    ...files.filter(({ path }) => present.has(path)).map(({ child }) => child),
    ...named.flatMap(({ child, parent }) => [child, parent].flatMap((id) => idOf.get(digestOfId(id)) ?? [])),
  ]);
  const isOlder = ancestors(log, [...known]);
  const filesOf = groupById(missing);
  const copied = log.ids.filter((id) => filesOf.has(id));
  const chainsOf = (ids: readonly string[]) => recordedChains(log, ids, ancestorsOf);
  const heads = new TargetHeads(missing, named);

  const steps: RevisionFile[][] = [];
  const add = (ids: readonly string[], together: boolean) => {
    const own = ids.map((id) => filesOf.get(id)!);
    if (together && own.every(({ length }) => length === 1)) steps.push(own.flat());
    else steps.push(...own.flat().map((file) => [file]));
  };
  for (const chain of chainsOf(copied.filter((id) => isOlder.has(id))).reverse()) {
    const [newest, ...older] = chain.reverse();
    add([newest!], false);
    if (older.length > 0) add(older, heads.allDescendFrom(newest!));
  }
  for (const [oldest, ...newer] of chainsOf(copied.filter((id) => !isOlder.has(id)))) {
    add([oldest!], false);
    heads.add(oldest!);
    if (newer.length > 0) add(newer, heads.isOnly(oldest!));
    for (const id of newer) heads.add(id);
  }
  return steps;
}

/** Returns the files of each revision. */
function groupById(files: readonly RevisionFile[]): Map<string, RevisionFile[]> {
  const filesOf = new Map<string, RevisionFile[]>();
  for (const file of files) {
    const own = filesOf.get(file.child);
    // Of twins, the file with the id comes first: no reader may see another twin without it.
    if (own && file.name.endsWith(file.child)) own.unshift(file);
    else if (own) own.push(file);
    else filesOf.set(file.child, [file]);
  }
  return filesOf;
}

/** The heads of the target while files are copied, as readers will know them once all are there. */
class TargetHeads {
  readonly #log: Log;
  /** Twins have another id where the source lacks some of them. */
  readonly #idOf: ReadonlyMap<string, string>;
  readonly #heads: Set<string>;
  #ancestorsOfHeads: readonly ReadonlySet<string>[] | undefined;

  constructor(missing: readonly RevisionName[], target: readonly RevisionName[]) {
    const names = new Map([...missing, ...target].map((file) => [file.name, file]));
    this.#log = buildLog(joinTwins([...names.values()]));
    this.#idOf = new Map(this.#log.ids.map((id) => [digestOfId(id), id]));
    const present = target.map(({ child }) => this.#current(child));
    const parents = present.flatMap((id) => this.#log.parents.get(id) ?? []);
    const ancestorsOfOthers = ancestors(this.#log, parents);
    this.#heads = new Set(present.filter((id) => !ancestorsOfOthers.has(id)));
  }

  #current(id: string): string {
    return this.#log.parents.has(id) ? id : (this.#idOf.get(digestOfId(id)) ?? id);
  }

  /** Whether a revision is an ancestor of all heads. Must be called before any is added. */
  allDescendFrom(id: string): boolean {
    this.#ancestorsOfHeads ??= [...this.#heads].map((head) => ancestors(this.#log, head));
    return this.#ancestorsOfHeads.every((revisions) => revisions.has(this.#current(id)));
  }

  /** Adds a revision that is no ancestor of any head. */
  add(id: string): void {
    const current = this.#current(id);
    for (const parent of this.#log.parents.get(current) ?? []) this.#heads.delete(parent);
    this.#heads.add(current);
  }

  /** Whether a revision is the only head. */
  isOnly(id: string): boolean {
    return this.#heads.size === 1 && this.#heads.has(this.#current(id));
  }
}
