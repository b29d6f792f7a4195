import { SyntaxProblem } from "../syntax-error.ts";

/** A token of Python Lakota's notation. */
export interface Token {
  readonly kind: "(" | ")" | "text" | "word";
  /** The word, or the text without its quotes. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** White space and comments; brackets; quoted text, which has no escapes; operators; words; open quotes. */
const TOKEN = /((?:\s|#[^\n]*)+)|([()])|"([^"]*)"|'([^']*)'|(\/\/|\*\*|[+*/%~])|([^\s()"'#+*/%~]+)|(["'])/y;

/** Splits text into tokens. @throws SyntaxProblem for a quote that is not closed */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.length) {
    const start = TOKEN.lastIndex;
    const [, space, bracket, double, single, sign, word, quote] = TOKEN.exec(source) ?? [];
    const end = TOKEN.lastIndex;
    if (space !== undefined) continue;
    if (quote !== undefined) throw new SyntaxProblem(start, end, `The quote ${quote} is not closed`);
    const text = double ?? single;
    if (bracket === "(" || bracket === ")") tokens.push({ kind: bracket, text: bracket, start, end });
    else if (text !== undefined) tokens.push({ kind: "text", text, start, end });
    else tokens.push({ kind: "word", text: sign ?? word ?? "", start, end });
  }
  return tokens;
}
