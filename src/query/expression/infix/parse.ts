import type {
  AggregateNode,
  CallNode,
  Expression,
  GroupExpression,
  RowExpression,
} from "../../../model/expression.ts";
import { parseConstant } from "../literals.ts";
import { aggregateNamed, arityProblem, callNamed, FUNCTIONS, MAX_DEPTH } from "../signatures.ts";
import { SyntaxProblem } from "../syntax-error.ts";
import { BINARY, type BinaryOperator, LEVELS } from "./operators.ts";
import { type Token, tokenize } from "./tokens.ts";

/**
 * Parses an expression in infix notation: `max(value)`, `floor(timestamp, "D")`, `value > 0 and station in ("Uccle",
 * "Ghent")`. Operators bind as in Python. A column whose name is no plain word is written in backquotes.
 *
 * @throws SyntaxProblem
 */
export const parseInfix = (text: string): Expression => new Parser(text).parse();

type Inner = RowExpression | GroupExpression;

/** A call to which operands may be added: `+ c` to that of `a + b`. */
interface OpenCall {
  readonly name: string;
  readonly args: Inner[];
}

class Parser {
  readonly #source: string;
  readonly #tokens: readonly Token[];
  #next = 0;
  /** Brackets, prefix operators and powers around the current token. */
  #open = 0;
  /** Calls inside each call, which grow with long chains of operators, too. */
  readonly #depths = new WeakMap<Inner, number>();

  constructor(source: string) {
    this.#source = source;
    this.#tokens = tokenize(source);
  }

  parse(): Expression {
    const of = this.#expression(0);
    const isNamed = this.#takeIf("keyword", "as");
    const name = isNamed ? this.#take() : undefined;
    if (name && !["name", "column", "text"].includes(name.kind))
      throw this.#unexpected(name, "A name is missing after as.");
    const rest = this.#peek();
    if (rest.kind === "end") return name ? { op: "as", of, name: name.text } : of;
    throw this.#unexpected(rest, adviceBetween(rest));
  }

  /** An expression whose operators outside of brackets bind at least as tightly as `level`. */
  #expression(level: number): Inner {
    const start = this.#peek().start;
    let left = this.#operand(level);
    let call: OpenCall | undefined;
    /** Where the right side of a comparison begins. */
    let compared: number | undefined;
    for (;;) {
      const token = this.#peek();
      const negated = token.text === "not" && token.kind === "keyword" && this.#isNext("in", 1);
      const operator = negated ? BINARY.get("in") : operatorOf(token);
      if (!operator || operator.level < level) return left;
      if (compared !== undefined && operator.level >= LEVELS.comparison)
        throw this.#chained(token, start, compared);
      this.#next += negated ? 2 : 1;
      if (operator.level === LEVELS.comparison) compared = this.#peek().start;
      if (operator.name === "isin") {
        call = undefined;
        left = this.#make("isin", [left, ...this.#list()], token);
        if (negated) left = this.#make("not", [left], token);
        continue;
      }
      // Powers associate to the right, all others to the left.
      const right =
        operator.level === LEVELS.power
          ? this.#nested(token, () => this.#expression(LEVELS.power))
          : this.#expression(operator.level + 1);
      if (call?.name === operator.name && operator.isVariadic) {
        call.args.push(right);
        this.#checkArity(call.name, call.args, token);
        this.#measure(left, [right], token);
      } else {
        call = { name: operator.name, args: [left, right] };
        left = this.#make(call.name, call.args, token);
      }
    }
  }

  #operand(level: number): Inner {
    const token = this.#take();
    switch (token.kind) {
      case "number":
        return { op: "value", value: parseConstant(token.text.replaceAll("_", ""))! };
      case "text":
        return { op: "value", value: token.text };
      case "column":
        return { op: "column", name: token.text };
      case "name":
        return this.#isNext("(") ? this.#call(token) : this.#column(token);
      case "keyword":
        return this.#keyword(token, level);
      case "symbol":
        if (token.text === "(") return this.#bracket(token);
        if (token.text === "-") return this.#minus(token);
        throw this.#unexpected(token, "A value was expected here.");
      case "end":
        throw new SyntaxProblem(
          token.start,
          token.end,
          "The expression ends too early,",
          "A value is missing.",
        );
    }
  }

  #column(token: Token): Inner {
    const [, name] = /^self\.(.*)$/s.exec(token.text) ?? [];
    if (name === undefined) return { op: "column", name: token.text };
    const advice = `Without brackets around operators, a column is its name alone: ${name || "value"}.`;
    throw this.#unexpected(token, advice);
  }

  #keyword(token: Token, level: number): Inner {
    const value = parseConstant(token.text);
    if (value !== undefined) return { op: "value", value };
    if ((token.text === "and" || token.text === "or") && this.#isNext("(")) return this.#call(token);
    if (token.text !== "not") throw this.#unexpected(token, "A value was expected here.");
    if (level > LEVELS.not) throw this.#unexpected(token, "Write brackets around it, as in (not a) = b.");
    return this.#make("not", [this.#nested(token, () => this.#expression(LEVELS.not))], token);
  }

  #bracket(token: Token): Inner {
    const inner = this.#nested(token, () => this.#expression(0));
    this.#close(")");
    return inner;
  }

  /** A negative number is a constant; `-2 ** 2` is the negative of a power. */
  #minus(token: Token): Inner {
    const number = this.#peek();
    const isConstant =
      number.kind === "number" || (number.kind === "keyword" && /^(nan|inf|infinity)$/.test(number.text));
    if (isConstant && !this.#isNext("**", 1)) {
      this.#next++;
      return { op: "value", value: parseConstant(`-${number.text.replaceAll("_", "")}`)! };
    }
    return this.#make("neg", [this.#nested(token, () => this.#expression(LEVELS.power))], token);
  }

  /** A call, after its name. */
  #call(token: Token): Inner {
    this.#next++;
    if (token.text === "col") return this.#columnCall();
    const found = signatureNamed(token.text);
    if (!found) throw this.#error(token, `Unknown function "${token.text}"`, FUNCTIONS);
    const args = this.#nested(token, () => this.#items(")"));
    this.#checkArity(found.name, args, token);
    return this.#make(found.name, args, token);
  }

  #checkArity(name: string, args: readonly Inner[], token: Token): void {
    const wrong = arityProblem(signatureNamed(name)!, args.length);
    if (wrong) throw this.#error(token, "Wrong number of arguments", `${name}(…) ${wrong}.`);
  }

  #columnCall(): Inner {
    const name = this.#take();
    if (name.kind !== "text") throw this.#unexpected(name, 'Write col("name").');
    this.#close(")");
    return { op: "column", name: name.text };
  }

  /** The list after `in`. */
  #list(): Inner[] {
    const open = this.#take();
    if (open.kind !== "symbol" || (open.text !== "(" && open.text !== "["))
      throw this.#error(open, "A list is missing", "Write it in brackets, as in: x in (1, 2).");
    return this.#nested(open, () => this.#items(open.text === "(" ? ")" : "]"));
  }

  /** Expressions between commas, up to the closing bracket. */
  #items(close: ")" | "]"): Inner[] {
    if (this.#takeIf("symbol", close)) return [];
    const items = [this.#expression(0)];
    while (this.#takeIf("symbol", ",")) items.push(this.#expression(0));
    this.#close(close);
    return items;
  }

  #make(name: string, args: readonly Inner[], token: Token): Inner {
    // Whether columns belong inside or outside of aggregates is checked when the tree is compiled.
    const node = aggregateNamed.has(name)
      ? ({ op: "aggregate", name, args } as AggregateNode)
      : ({ op: "call", name, args } as CallNode<RowExpression>);
    this.#measure(node, args, token);
    return node;
  }

  /** Notes the depth of a call after `added` became arguments of it. */
  #measure(node: Inner, added: readonly Inner[], token: Token): void {
    const before = this.#depths.get(node) ?? 1;
    const depth = added.reduce((most, arg) => Math.max(most, 1 + (this.#depths.get(arg) ?? 0)), before);
    if (depth > MAX_DEPTH)
      throw this.#error(token, `More than ${MAX_DEPTH} brackets or operators are nested`);
    this.#depths.set(node, depth);
  }

  #nested<T>(token: Token, parse: () => T): T {
    if (this.#open === MAX_DEPTH)
      throw this.#error(token, `More than ${MAX_DEPTH} brackets or operators are nested`);
    this.#open++;
    const parsed = parse();
    this.#open--;
    return parsed;
  }

  #close(bracket: ")" | "]"): void {
    const token = this.#take();
    if (token.kind === "symbol" && token.text === bracket) return;
    const missing = `A "${bracket}" is missing.`;
    if (token.kind === "end")
      throw new SyntaxProblem(token.start, token.end, "The expression ends too early,", missing);
    throw this.#unexpected(token, adviceBetween(token) || `A "${bracket}" was expected here.`);
  }

  #peek(ahead = 0): Token {
    return this.#tokens[this.#next + ahead] ?? this.#tokens.at(-1)!;
  }

  #take(): Token {
    const token = this.#peek();
    this.#next++;
    return token;
  }

  #isNext(text: string, ahead = 0): boolean {
    const token = this.#peek(ahead);
    return token.text === text && (token.kind === "symbol" || token.kind === "keyword");
  }

  #takeIf(kind: Token["kind"], text: string): boolean {
    const token = this.#peek();
    const isThere = token.kind === kind && token.text === text;
    if (isThere) this.#next++;
    return isThere;
  }

  /** An operator after a comparison: another one, or one after a list. */
  #chained(token: Token, start: number, right: number): SyntaxProblem {
    if (operatorOf(token)?.level !== LEVELS.comparison)
      return this.#unexpected(token, "Write and or or after a comparison.");
    const first = this.#source.slice(start, token.start).trim();
    const middle = this.#source.slice(right, token.start).trim();
    const example = first.length < 80 ? `: ${first} and ${middle} ${token.text} …` : ".";
    return this.#error(token, "Comparisons cannot be chained,", `Join them with and${example}`);
  }

  #unexpected(token: Token, advice: string): SyntaxProblem {
    if (token.kind === "end")
      return new SyntaxProblem(token.start, token.end, "The expression ends too early,", advice);
    return this.#error(
      token,
      `Unexpected "${this.#source.slice(token.start, token.end).slice(0, 40)}"`,
      advice,
    );
  }

  #error({ start, end }: Token, problem: string, advice?: string): SyntaxProblem {
    return new SyntaxProblem(start, end, problem, advice);
  }
}

const signatureNamed = (name: string) => callNamed.get(name) ?? aggregateNamed.get(name);

const operatorOf = ({ kind, text }: Token): BinaryOperator | undefined =>
  kind === "symbol" || kind === "keyword" ? BINARY.get(text) : undefined;

/** What to do about a token that follows a whole expression. */
function adviceBetween({ kind, text }: Token): string {
  if (text === "as" && kind === "keyword")
    return "A name for a column is only allowed at the end of the whole.";
  if (/^is$/i.test(text)) return "For missing values write isnan(x).";
  if (/^between$/i.test(text)) return "Write x >= a and x <= b.";
  if (kind === "symbol") return "";
  return "An operator is missing before it; a name with spaces is written in backquotes: `a b`.";
}
