import { LakotaError } from "../../model/errors.ts";

/** A token of the text notation. */
export interface Token {
  readonly kind: "(" | ")" | "text" | "word";
  /** The word, or the text without its quotes. */
  readonly text: string;
  /** Number of its first character, from 1. */
  readonly position: number;
}

/** White space and comments; brackets; quoted text, which has no escapes; operators; words; open quotes. */
const TOKEN = /((?:\s|#[^\n]*)+)|([()])|"([^"]*)"|'([^']*)'|(\/\/|\*\*|[+*/%~])|([^\s()"'#+*/%~]+)|(["'])/y;

/** Splits text into tokens. @throws `invalid-argument` for a quote that is not closed */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.length) {
    const position = TOKEN.lastIndex + 1;
    const [, space, bracket, double, single, sign, word, quote] = TOKEN.exec(source) ?? [];
    if (space !== undefined) continue;
    if (quote !== undefined) throw syntaxError(source, position, `The quote ${quote} is not closed`);
    const text = double ?? single;
    if (bracket === "(" || bracket === ")") tokens.push({ kind: bracket, text: bracket, position });
    else if (text !== undefined) tokens.push({ kind: "text", text, position });
    else tokens.push({ kind: "word", text: sign ?? word ?? "", position });
  }
  return tokens;
}

/** Returns an error that names the problem and its position in the text. */
export function syntaxError(source: string, position: number, problem: string, advice = ""): LakotaError {
  const excerpt = source.length > 200 ? `${source.slice(0, 200)}…` : source;
  const hint = advice && ` ${advice}`;
  return new LakotaError(
    "invalid-argument",
    `${problem} at character ${position} of the expression ${excerpt}.${hint}`,
  );
}
