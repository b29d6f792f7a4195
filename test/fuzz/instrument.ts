import { type Plugin, parseAst } from "vite";

/** A node of the syntax tree, as far as it matters here. */
interface Node {
  type: string;
  start: number;
  end: number;
  [key: string]: unknown;
}

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as Node).type === "string";

/** Strings of the code that inputs may contain: names and keywords, but no messages. */
const TOKEN = /^[\w.:<>=/-]{1,20}$/;

/**
 * Counts in `globalThis.__coverage`, a Uint8Array, how often each branch of the library's code runs: the fuzzer
 * keeps the inputs that reach new ones. Collects in `globalThis.__tokens` the strings of the code, which the fuzzer
 * inserts into inputs, since it does not see comparisons.
 */
export function instrument(size: number): Plugin {
  let next = 0;
  const tokens = new Set(["__proto__", "constructor"]);
  return {
    name: "coverage",
    enforce: "post",
    transform(code, id) {
      if (!/\/(src|wasm\/src|hyparquet)\//.test(id) || id.includes("\0")) return undefined;
      return { code: withCounters(code, () => next++ % size, tokens), map: null };
    },
    renderChunk(code) {
      const globals = [`__coverage = new Uint8Array(${size})`, `__tokens = ${JSON.stringify([...tokens])}`];
      return { code: globals.map((global) => `globalThis.${global};\n`).join("") + code, map: null };
    },
  };
}

/** Returns the code with a counter at the start of each branch. @param tokens collects its strings */
function withCounters(code: string, nextId: () => number, tokens: Set<string>): string {
  const insertions: [at: number, text: string][] = [];
  const counter = () => `globalThis.__coverage[${nextId()}]++`;

  /** Counts a statement that is a branch. One without braces gets them. */
  const statement = (node: unknown) => {
    if (!isNode(node) || node.type === "BlockStatement" || node.type === "IfStatement") return;
    insertions.push([node.start, `{${counter()};`], [node.end, "}"]);
  };
  const expression = (node: unknown) => {
    if (isNode(node)) insertions.push([node.start, `(${counter()},`], [node.end, ")"]);
  };
  const visit = (node: Node): void => {
    switch (node.type) {
      case "BlockStatement": {
        const first = (node.body as Node[]).find(({ directive }) => directive === undefined);
        insertions.push([first?.start ?? node.end - 1, `${counter()};`]);
        break;
      }
      case "IfStatement":
        statement(node.consequent);
        statement(node.alternate);
        break;
      case "ForStatement":
      case "ForOfStatement":
      case "ForInStatement":
      case "WhileStatement":
        statement(node.body);
        break;
      case "SwitchCase": {
        const first = (node.consequent as Node[])[0];
        if (first) insertions.push([first.start, `${counter()};`]);
        break;
      }
      case "ConditionalExpression":
        expression(node.consequent);
        expression(node.alternate);
        break;
      case "Literal":
        if (typeof node.value === "string" && TOKEN.test(node.value)) tokens.add(node.value);
        break;
      case "LogicalExpression":
        expression(node.right);
        break;
    }
    for (const [key, value] of Object.entries(node)) {
      if (key === "type") continue;
      for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) visit(child);
    }
  };
  visit(parseAst(code) as unknown as Node);

  // Closing texts of inner nodes come first where several are at one place; opening ones are in order of nesting.
  const closing = (text: string) => text === "}" || text === ")";
  const ordered = insertions
    .map(([at, text], order) => ({ at, text, order }))
    .sort((a, b) => {
      if (a.at !== b.at) return a.at - b.at;
      if (closing(a.text) !== closing(b.text)) return closing(a.text) ? -1 : 1;
      return closing(a.text) ? b.order - a.order : a.order - b.order;
    });
  let out = "";
  let at = 0;
  for (const { at: to, text } of ordered) {
    out += code.slice(at, to) + text;
    at = to;
  }
  return out + code.slice(at);
}
