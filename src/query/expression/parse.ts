import { checkArguments } from "../../model/api/arguments.ts";
import type {
  AggregateNode,
  CallNode,
  Expression,
  GroupExpression,
  Literal,
  RowExpression,
} from "../../model/expression.ts";
import { ownEntry } from "../../model/own-entry.ts";
import {
  AGGREGATES,
  aggregateNamed,
  arityError,
  CALLS,
  callNamed,
  namesOf,
  UNSUPPORTED,
} from "./signatures.ts";
import { syntaxError, type Token, tokenize } from "./tokens.ts";

/**
 * Parses an expression in the notation of Python Lakota: `(max self.value)`, `(floor self.timestamp "D")`,
 * `(and (> self.value 0) (isin self.station (list "Uccle" "Ghent")))`. A column whose name holds blanks,
 * brackets or operators is `(col "its name")`.
 *
 * @throws `invalid-argument`, naming the position and what is expected there
 */
export function parseExpression(text: string): Expression {
  checkArguments("parseExpression", text);
  const parser = new Parser(text);
  return parser.parse();
}

/** The deepest nesting of brackets, to protect the call stack. */
const MAX_DEPTH = 200;

type Inner = RowExpression | GroupExpression;

class Parser {
  readonly #source: string;
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(source: string) {
    this.#source = source;
    this.#tokens = tokenize(source);
  }

  parse(): Expression {
    const expression = this.#outermost();
    const rest = this.#tokens[this.#next];
    if (rest) throw this.#error(rest, `Unexpected "${rest.text}"`, "Write one expression.");
    return expression;
  }

  #outermost(): Expression {
    const [open, head] = this.#tokens;
    if (open?.kind !== "(" || head?.kind !== "word" || head.text !== "as") return this.#expression();
    this.#next = 2;
    const of = this.#expression();
    const name = this.#take();
    if (name.kind !== "text" && name.kind !== "word")
      throw this.#error(name, "A name is missing", UNSUPPORTED.as);
    this.#close();
    return { op: "as", of, name: name.text };
  }

  #expression(): Inner {
    const token = this.#take();
    switch (token.kind) {
      case "text":
        return { op: "value", value: token.text };
      case "word":
        return this.#word(token);
      case "(":
        return this.#bracket();
      case ")":
        throw this.#error(token, `Unexpected ")"`);
    }
  }

  #word(token: Token): Inner {
    const { text } = token;
    if (text.startsWith("self.") && text.length > 5) return { op: "column", name: text.slice(5) };
    const value = parseConstant(text);
    if (value !== undefined) return { op: "value", value };
    throw this.#error(
      token,
      `Unexpected "${text}"`,
      `A column is written self.${/^[\w.]+$/.test(text) ? text : "name"}, text in quotes, a function in brackets.`,
    );
  }

  /** A call, after its "(". */
  #bracket(): Inner {
    const head = this.#take();
    if (this.#depth === MAX_DEPTH) throw this.#error(head, `More than ${MAX_DEPTH} brackets are open`);
    this.#depth++;
    const inner = this.#call(head);
    this.#depth--;
    return inner;
  }

  #call(head: Token): Inner {
    if (head.kind !== "word") throw this.#error(head, "A function is missing", FUNCTIONS);
    if (head.text === "col") return this.#column();
    const call = callNamed.get(head.text);
    const aggregate = aggregateNamed.get(head.text);
    if (!call && !aggregate) {
      const why = ownEntry(UNSUPPORTED, head.text);
      throw this.#error(
        head,
        `${why ? "Not supported:" : "Unknown function"} "${head.text}"`,
        why ? `${why}.` : FUNCTIONS,
      );
    }
    const args = call?.name === "isin" ? this.#membership() : this.#rest();
    const wrong = arityError((call ?? aggregate)!, args.length);
    if (wrong) throw this.#error(head, "Wrong number of arguments", wrong);
    // Whether columns belong inside or outside of aggregates is checked when the tree is compiled.
    if (call) return { op: "call", name: call.name, args } as CallNode<RowExpression>;
    return { op: "aggregate", name: aggregate!.name, args } as AggregateNode;
  }

  #column(): Inner {
    const name = this.#take();
    if (name.kind !== "text") throw this.#error(name, "A name is missing", 'Write (col "name").');
    this.#close();
    return { op: "column", name: name.text };
  }

  /** Arguments up to the closing bracket. */
  #rest(): Inner[] {
    const args: Inner[] = [];
    while (this.#peek().kind !== ")") args.push(this.#expression());
    this.#close();
    return args;
  }

  /** The arguments `x (list a b …)`, as `x a b …`. */
  #membership(): Inner[] {
    const x = this.#expression();
    const [open, list] = [this.#take(), this.#take()];
    if (open.kind !== "(" || list.text !== "list")
      throw this.#error(open, "A list is missing", UNSUPPORTED.list);
    const items = this.#rest();
    this.#close();
    return [x, ...items];
  }

  #close(): void {
    const token = this.#take();
    if (token.kind !== ")") throw this.#error(token, `Unexpected "${token.text}"`, `A ")" was expected.`);
  }

  #peek(): Token {
    const token = this.#tokens[this.#next];
    if (token) return token;
    throw syntaxError(
      this.#source,
      this.#source.length + 1,
      "The expression ends too early,",
      `A ")" is missing.`,
    );
  }

  #take(): Token {
    const token = this.#peek();
    this.#next++;
    return token;
  }

  #error({ position }: Token, problem: string, advice?: string) {
    return syntaxError(this.#source, position, problem, advice);
  }
}

const FUNCTIONS = `There are: ${namesOf(CALLS)}; of groups: ${namesOf(AGGREGATES)}.`;

/** Parses a number or boolean in the notation of Python; undefined for other words. */
function parseConstant(text: string): Literal | undefined {
  if (text === "true" || text === "false") return text === "true";
  const digits = text.replace(/(?<=\d)_(?=\d)/g, "");
  if (/^-?\d+$/.test(digits)) {
    const number = Number(digits);
    return Number.isSafeInteger(number) ? number : BigInt(digits);
  }
  if (/^-?(\d+(\.\d*)?|\.\d+)(e-?\d+)?$/i.test(digits)) return Number(digits);
  const [, minus, word] = /^(-?)(nan|inf|infinity)$/i.exec(text) ?? [];
  if (word === undefined) return undefined;
  return word.toLowerCase() === "nan"
    ? Number.NaN
    : minus
      ? Number.NEGATIVE_INFINITY
      : Number.POSITIVE_INFINITY;
}
