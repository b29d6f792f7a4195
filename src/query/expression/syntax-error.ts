import { LakotaError } from "../../model/errors.ts";

/** What is wrong with the text of an expression, and where: from `start` up to `end`, in code units. */
export class SyntaxProblem extends Error {
  readonly start: number;
  readonly end: number;
  readonly advice: string;

  constructor(start: number, end: number, problem: string, advice = "") {
    super(problem);
    this.start = start;
    this.end = end;
    this.advice = advice;
  }
}

/** Characters shown on either side of the place. */
const CONTEXT = 60;

/** Returns the error for the user: a sentence, the line of the text, and a line of carets under the place. */
export function toSyntaxError(source: string, { start, end, message, advice }: SyntaxProblem): LakotaError {
  const lineStart = source.lastIndexOf("\n", start - 1) + 1;
  const lineEnd = (source.indexOf("\n", start) + 1 || source.length + 1) - 1;
  const from = Math.max(lineStart, start - CONTEXT);
  const to = Math.min(lineEnd, start + CONTEXT);
  const before = `${from > lineStart ? "…" : ""}${source.slice(from, start)}`;
  const after = `${source.slice(start, to)}${to < lineEnd ? "…" : ""}`;
  const carets = "^".repeat(Math.max(1, Math.min(end, to) - start));
  const line = `${before}${after}`.replace(/\s/g, " ");
  const hint = advice && ` ${advice}`;
  return new LakotaError(
    "invalid-argument",
    `${message} at character ${start + 1} of the expression.${hint}\n  ${line}\n  ${" ".repeat([...before].length)}${carets}`,
  );
}
