import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

/** The table that `.ci/run` ends with, as scripts/tally.mjs writes it. */
const REPORT = ".cache/reports/table.md";
/** Where the site has it: among the files that VitePress copies, and where it has copied them to. */
const FOLDERS = [".cache/site/pages/public", ".cache/site/dist"];

/** What the page docs/tested.md shows. */
interface Tested {
  /** When it was, and at which commit. */
  readonly note: string;
  readonly tables: readonly { readonly head: readonly string[]; readonly rows: readonly string[][] }[];
}

/** Parses the Markdown of a report: tables, and lines of text. */
export function parseReport(text: string): Tested {
  const parts = text.trim().split(/\n\n+/);
  const isTable = (part: string) => part.startsWith("|");
  const cells = (line: string) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim());
  const tables = parts.filter(isTable).map((part) => {
    const [head = "", , ...rows] = part.split("\n");
    return { head: cells(head), rows: rows.map(cells) };
  });
  return { note: parts.filter((part) => !isTable(part)).join(" "), tables };
}

/**
 * Writes the file that the page "What was tested" reads, also into a site that is built already: CI ends with this table, and
 * building the site once more would take longer than most of its tests. Without a report the file says so.
 */
export function writeTested(): void {
  const tested = existsSync(REPORT) ? parseReport(readFileSync(REPORT, "utf8")) : null;
  const [pages = "", built = ""] = FOLDERS;
  mkdirSync(pages, { recursive: true });
  for (const folder of [pages, ...(existsSync(built) ? [built] : [])])
    writeFileSync(`${folder}/tested.json`, JSON.stringify(tested));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) writeTested();
