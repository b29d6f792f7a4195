import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** A block of TypeScript in a document. */
export interface Snippet {
  /** Document and line of its first line. */
  readonly document: string;
  readonly line: number;
  readonly extension: string;
  readonly text: string;
  /** Whether it needs a browser: its fence says `ts page`. */
  readonly isForPage: boolean;
}

export function snippetsOf(document: string): Snippet[] {
  const lines = readFileSync(ROOT + document, "utf8").split("\n");
  const snippets: Snippet[] = [];
  for (let i = 0; i < lines.length; i++) {
    const [, extension, page] = /^```(tsx?)( page)?$/.exec(lines[i]!) ?? [];
    if (extension === undefined) continue;
    const end = lines.indexOf("```", i);
    const text = lines.slice(i + 1, end).join("\n");
    snippets.push({ document, line: i + 2, extension, text, isForPage: page !== undefined });
    i = end;
  }
  return snippets;
}
