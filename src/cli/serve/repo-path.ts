import { parseName } from "../../changelog/revision.ts";

/** What a path in a repo can be. */
export type PathKind = "chunk" | "aside" | "revision";

const FILE = /^[0-9a-f]{2}\/[0-9a-f]{2}\/[0-9a-f]{36}(\.[0-9a-f]{11}|\/([^/]+))?$/;

/** The kind of a file that belongs to a repo. Nothing else is served, whatever else is in the folder. */
export function kindOf(path: string): PathKind | undefined {
  const match = FILE.exec(path);
  if (!match) return undefined;
  const [, tail, name] = match;
  if (tail === undefined) return "chunk";
  if (name === undefined) return "aside";
  return parseName(name) ? "revision" : undefined;
}
