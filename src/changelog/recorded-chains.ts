/**
 * Chains of revisions of which any part may be missing.
 *
 * In a chain, each revision is built on the one before alone, is later, and records all before it as its
 * ancestors (see recent-ancestors.ts). So if any of them are missing, a merge still knows each of the rest as an
 * ancestor of the newest that is there: between two that are there, the later one has a missing parent and
 * records the earlier one. Files of a chain can therefore be stored or deleted in any order.
 *
 * That holds as long as
 *
 * - one end of the chain stays: the oldest while later ones are stored, or the newest while earlier ones are
 *   stored or deleted. It links the chain to the rest of the history.
 * - no other head is concurrent with the chain. The ranges that a missing revision touched are unknown, and a
 *   merge with a concurrent head would need them.
 */

import type { Bytes } from "../model/bytes.ts";
import type { Log } from "./log.ts";
import { recordsAncestor } from "./recent-ancestors.ts";

/**
 * Splits revisions into chains.
 *
 * @param ids in the order of the log
 * @param ancestorsOf returns what a revision records, if known
 * @returns all revisions in the same order; one that records nothing is a chain by itself
 */
export function recordedChains(
  log: Log,
  ids: readonly string[],
  ancestorsOf: (id: string) => Bytes | undefined,
): string[][] {
  const chains: string[][] = [];
  for (const id of ids) {
    const chain = chains.at(-1);
    if (chain && continues(log, chain, id, ancestorsOf(id))) chain.push(id);
    else chains.push([id]);
  }
  return chains;
}

function continues(log: Log, chain: readonly string[], id: string, recorded: Bytes | undefined): boolean {
  const last = chain.at(-1)!;
  const [parent, ...others] = log.parents.get(id)!;
  // Gaps are looked for among revisions that are older than the missing one: times must tell the order.
  if (parent !== last || others.length > 0 || id <= last) return false;
  return chain.every(recordsAncestor(recorded));
}
