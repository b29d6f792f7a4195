import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Cell } from "./matrix.ts";

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const DOCUMENT = at("docs/reliability.md");
/** What to do when the document differs. */
const ADVICE =
  "docs/reliability.md differs from what was found. If that is intended, `npm run reliability` updates it.";
const REPORTS = at(".cache/reports");

/** What `docs/reliability.md` shows for an outcome. Its legend says the same. */
const SIGNS: Readonly<Record<string, string>> = {
  right: "✓",
  network: "N",
  offline: "O",
  forbidden: "F",
  corrupt: "C",
  "not-found": "M",
  unsupported: "U",
  crashed: "X",
  conflict: "K",
  quota: "Q",
};

type Result = Pick<Cell, "operation" | "fault" | "outcomes" | "wrong">;

function signs({ outcomes, wrong }: Result): string {
  const shown = [...outcomes.keys()].map((outcome) => SIGNS[outcome] ?? outcome);
  const sorted = shown.sort((a, b) => Number(b === "✓") - Number(a === "✓") || (a < b ? -1 : 1));
  return `${sorted.join(" ")}${wrong.length > 0 ? " **wrong**" : ""}`;
}

/** Returns a table with a row for each fault and a column for each operation. */
export function tableOf(cells: readonly Result[]): string {
  const operations = [...new Set(cells.map(({ operation }) => operation))];
  const faults = [...new Set(cells.map(({ fault }) => fault))];
  const find = (fault: string, operation: string) =>
    cells.find((cell) => cell.fault === fault && cell.operation === operation);
  const row = (fault: string) => {
    const found = operations.map((operation) => find(fault, operation));
    return [fault, ...found.map((cell) => (cell ? signs(cell) : ""))];
  };
  const lines = [["", ...operations], ["", ...operations].map(() => "---"), ...faults.map(row)];
  return lines.map((line) => `| ${line.join(" | ")} |`).join("\n");
}

/** Returns the signs in a table, by the names of row and column. */
function signsIn(table: string): Map<string, readonly string[]> {
  const [header = [], , ...rows] = table.split("\n").map((line) => line.slice(2, -2).split(" | "));
  return new Map(
    rows.flatMap(([fault, ...cells]) =>
      cells.map((cell, i) => [`${fault} ${header[i + 1]}`, cell.split(" ")] as const),
    ),
  );
}

/** Adds the outcomes that a table documents to those that were found. */
function withDocumented(cells: readonly Result[], documented: string): Result[] {
  const known = signsIn(documented);
  const outcomeOf = new Map(Object.entries(SIGNS).map(([outcome, sign]) => [sign, outcome]));
  return cells.map((cell) => {
    const signs = known.get(`${cell.fault} ${cell.operation}`) ?? [];
    const outcomes = signs.flatMap((sign) => outcomeOf.get(sign) ?? []);
    return {
      ...cell,
      outcomes: new Map([...outcomes.map((outcome) => [outcome, ""] as const), ...cell.outcomes]),
    };
  });
}

/** Returns where outcomes occurred that a table does not document. */
function undocumented(cells: readonly Cell[], documented: string): string[] {
  const known = signsIn(documented);
  return cells.flatMap(({ fault, operation, outcomes }) =>
    [...outcomes]
      .filter(([outcome]) => !known.get(`${fault} ${operation}`)?.includes(SIGNS[outcome] ?? outcome))
      .map(([, first]) => `${operation}, ${fault}, ${first}`),
  );
}

/**
 * Writes the counts of a part for `scripts/tally.mjs`, and compares its table with that in
 * `docs/reliability.md`; `npm run reliability` adds what is new to the document instead. Which requests are under way at
 * once differs from run to run, so a run need not find every outcome of a cell; but it finds no other.
 *
 * @returns the part of the document, what it should be, and where it was found
 */
export function report(
  part: string,
  cells: readonly Cell[],
): { documented: string; expected: string; why: string } {
  mkdirSync(REPORTS, { recursive: true });
  const sum = (key: "runs" | "faults") => cells.reduce((total, cell) => total + cell[key], 0);
  const counts = { cells: cells.length, runs: sum("runs"), faults: sum("faults") };
  writeFileSync(`${REPORTS}/reliability-${part}.json`, JSON.stringify(counts));
  const text = readFileSync(DOCUMENT, "utf8");
  const [start, end] = [`<!-- ${part} -->\n\n`, `\n\n<!-- end of ${part} -->`];
  const from = text.indexOf(start) + start.length;
  const to = text.indexOf(end);
  const documented = text.slice(from, to);
  const expected = tableOf(withDocumented(cells, documented));
  const why = [ADVICE, ...undocumented(cells, documented)].join("\n");
  if (process.env.RELIABILITY !== "write") return { documented, expected, why };
  writeFileSync(DOCUMENT, text.slice(0, from) + expected + text.slice(to));
  return { documented: expected, expected, why };
}
