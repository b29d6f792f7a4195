import { createHash, randomBytes } from "node:crypto";
import { hextime } from "../src/model/layout.ts";

/** The parent of a first revision. */
export const ROOT = `${"0".repeat(11)}-${"0".repeat(40)}`;

/**
 * Makes a history longer. Returns the names of further revisions, which nothing reads, and the new name of what was the
 * first one: it has the last of them as its parent.
 */
export function prependRevisions(first: string, count: number): { ancestors: string[]; descendant: string } {
  const ancestors: string[] = [];
  let parent = ROOT;
  for (let i = 0; i < count; i++) {
    const child = `${hextime(1e12 + i)}-${createHash("sha1").update(randomBytes(20)).digest("hex")}`;
    ancestors.push(`${parent}.${child}`);
    parent = child;
  }
  return { ancestors, descendant: first.replace(ROOT, parent) };
}
