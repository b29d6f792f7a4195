import { SyntaxProblem } from "../syntax-error.ts";
import { KEYWORDS, NAME } from "./operators.ts";

/** A token of infix notation. */
export interface Token {
  /** `column`: a name in backquotes. `end`: the end of the text. */
  readonly kind: "number" | "text" | "name" | "column" | "keyword" | "symbol" | "end";
  /** As written; keywords in lower case; text and names without their quotes. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** White space and comments; numbers; words; quoted text and names, in which a doubled quote stands for one; symbols. */
const TOKEN = new RegExp(
  [
    "((?:\\s|#[^\\n]*)+)",
    "((?:\\d[\\d_]*(?:\\.[\\d_]*)?|\\.\\d[\\d_]*)(?:[eE][+-]?\\d+)?)",
    `(${NAME})`,
    '"([^"]*(?:""[^"]*)*)"',
    "'([^']*(?:''[^']*)*)'",
    "`([^`]*(?:``[^`]*)*)`",
    "(\\*\\*|//|===|==|!=|<>|<=|>=|&&|\\|\\||[-+*/%<>=(),[\\]])",
  ].join("|"),
  "uy",
);

/** A date without quotes, which would be a subtraction or a division. */
const DATE = /\d{4}([-/])\d{1,2}\1\d{1,2}[\w:.]*/y;
const QUOTE_TIMES = 'Write times in quotes, as in "2020-01-31".';

/** What to write instead of what other languages have. */
const INSTEAD: Readonly<Record<string, string>> = {
  "===": "Write =.",
  "&&": "Write and.",
  "&": "Write and.",
  "||": "Write or.",
  "|": "Write or.",
  "!": "Write not, or != for a comparison.",
  "~": "Write not.",
  "^": "Write ** for a power.",
};

/** Splits text into tokens, the last of which is the end. @throws SyntaxProblem */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.length) {
    const start = TOKEN.lastIndex;
    const match = TOKEN.exec(source);
    if (!match) throw unknownCharacter(source, start);
    const end = TOKEN.lastIndex;
    const [, space, number, name, double, single, column, symbol] = match;
    const add = (kind: Token["kind"], text: string) => tokens.push({ kind, text, start, end });
    if (space !== undefined) continue;
    if (number !== undefined) {
      checkNumber(source, number, start, end);
      add("number", number);
    } else if (name !== undefined) {
      const keyword = name.toLowerCase();
      if (KEYWORDS.has(keyword)) add("keyword", keyword);
      else add("name", name);
    } else if (double !== undefined) add("text", double.replaceAll('""', '"'));
    else if (single !== undefined) add("text", single.replaceAll("''", "'"));
    else if (column !== undefined) add("column", column.replaceAll("``", "`"));
    else if (symbol !== undefined) {
      const instead = INSTEAD[symbol];
      if (instead) throw new SyntaxProblem(start, end, `Unexpected "${symbol}"`, instead);
      add("symbol", symbol);
    }
  }
  tokens.push({ kind: "end", text: "", start: source.length, end: source.length });
  return tokens;
}

/** Refuses numbers that are no numbers for a reader: dates, leading zeros, and units. */
function checkNumber(source: string, number: string, start: number, end: number): void {
  DATE.lastIndex = start;
  const date = DATE.exec(source)?.[0];
  if (date !== undefined)
    throw new SyntaxProblem(start, start + date.length, "A time without quotes", QUOTE_TIMES);
  if (/^0\d/.test(number))
    throw new SyntaxProblem(start, end, `The number ${number.slice(0, 40)} begins with 0`, QUOTE_TIMES);
  const unit = /^[\p{L}_]+/u.exec(source.slice(end, end + 20))?.[0];
  if (unit === undefined && !/_$|_\./.test(number)) return;
  const word = `${number}${unit ?? ""}`;
  throw new SyntaxProblem(
    start,
    end + (unit ?? "").length,
    `"${word.slice(0, 40)}" is not a number,`,
    `A length of time is written duration(90, "m"); a column whose name begins with a digit in backquotes: \`1960\`.`,
  );
}

function unknownCharacter(source: string, start: number): SyntaxProblem {
  const character = String.fromCodePoint(source.codePointAt(start) ?? 0);
  const end = start + character.length;
  if (/["'`]/.test(character)) return new SyntaxProblem(start, end, `The quote ${character} is not closed`);
  return new SyntaxProblem(start, end, `Unexpected "${character}"`, INSTEAD[character]);
}
