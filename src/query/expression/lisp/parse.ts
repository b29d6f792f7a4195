import type {
  AggregateNode,
  CallNode,
  Expression,
  GroupExpression,
  RowExpression,
} from "../../../model/expression.ts";
import { ownEntry } from "../../../model/own-entry.ts";
import { parseConstant } from "../literals.ts";
import { aggregateNamed, arityProblem, callNamed, FUNCTIONS, MAX_DEPTH, UNSUPPORTED } from "../signatures.ts";
import { SyntaxProblem } from "../syntax-error.ts";
import { type Token, tokenize } from "./tokens.ts";

/**
 * Parses an expression in the notation of Python Lakota: `(max self.value)`, `(floor self.timestamp "D")`,
 * `(and (> self.value 0) (isin self.station (list "Uccle" "Ghent")))`. A column whose name holds blanks,
 * brackets or operators is `(col "its name")`.
 *
 * @throws SyntaxProblem
 */
export const parseLisp = (text: string): Expression => new Parser(text).parse();

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
    const wrong = arityProblem((call ?? aggregate)!, args.length);
    if (wrong) {
      const hint =
        head.text === "-" && args.length === 1 ? " For -x write (neg x); in Python (- x) is x." : "";
      throw this.#error(
        head,
        "Wrong number of arguments",
        `(${(call ?? aggregate)!.name} …) ${wrong}.${hint}`,
      );
    }
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
    const end = this.#source.length;
    throw new SyntaxProblem(end, end, "The expression ends too early,", `A ")" is missing.`);
  }

  #take(): Token {
    const token = this.#peek();
    this.#next++;
    return token;
  }

  #error({ start, end }: Token, problem: string, advice?: string) {
    return new SyntaxProblem(start, end, problem, advice);
  }
}
