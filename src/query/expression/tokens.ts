import { LakotaError } from "../../model/errors.ts";

/** A piece of the text notation. */
export interface Token {
  readonly kind: "(" | ")" | "text" | "word";
  /** The word, or the text without its quotes. */
  readonly text: string;
  /** Where it begins, from 1. */
  readonly at: number;
}

/** White space and comments; brackets; quoted text, which knows no escapes; operators of one or two signs; words. */
const PIECE = /((?:\s|#[^\n]*)+)|([()])|"([^"]*)"|'([^']*)'|(\/\/|\*\*|[+*/%~])|([^\s()"'#+*/%~]+)|(["'])/y;

/** @throws `invalid-argument` for a quote that is not closed. */
export function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  PIECE.lastIndex = 0;
  while (PIECE.lastIndex < source.length) {
    const at = PIECE.lastIndex + 1;
    const [, space, bracket, double, single, sign, word, quote] = PIECE.exec(source) ?? [];
    if (space !== undefined) continue;
    if (quote !== undefined) throw syntax(source, at, `The quote ${quote} is not closed`);
    const text = double ?? single;
    if (bracket === "(" || bracket === ")") tokens.push({ kind: bracket, text: bracket, at });
    else if (text !== undefined) tokens.push({ kind: "text", text, at });
    else tokens.push({ kind: "word", text: sign ?? word ?? "", at });
  }
  return tokens;
}

/** What is wrong with a text, and where. */
export function syntax(source: string, at: number, what: string, advice = ""): LakotaError {
  const shown = source.length > 200 ? `${source.slice(0, 200)}…` : source;
  const more = advice && ` ${advice}`;
  return new LakotaError("invalid-argument", `${what} at character ${at} of the expression ${shown}.${more}`);
}
