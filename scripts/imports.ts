import ts from "typescript";

/** One module specifier in a file. */
export interface ImportOf {
  specifier: string;
  /** Gone once the types are erased. */
  typeOnly: boolean;
  /** `import("…")`: loaded when it is called, not with the file. */
  dynamic: boolean;
  /** The `import()` is registered: `lazy(() => import("…"))`. */
  lazy: boolean;
  /** Where the specifier stands in the text, quotes included. */
  start: number;
  end: number;
}

/** Every import, re-export, dynamic import and import type of a TypeScript or JavaScript file, in text order. */
export function importsOf(path: string, text: string): ImportOf[] {
  const found: ImportOf[] = [];
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  const registered = new Set<ts.Node>();
  const add = (node: ts.Node | undefined, typeOnly: boolean, dynamic: boolean, lazy = false) => {
    if (node === undefined || !ts.isStringLiteralLike(node)) return;
    found.push({ specifier: node.text, typeOnly, dynamic, lazy, start: node.getStart(file), end: node.end });
  };
  const register = (node: ts.Node): void => {
    registered.add(node);
    ts.forEachChild(node, register);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      add(node.moduleSpecifier, node.importClause?.isTypeOnly ?? false, false);
    } else if (ts.isExportDeclaration(node)) {
      add(node.moduleSpecifier, node.isTypeOnly, false);
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      add(node.argument.literal, true, false);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node.arguments[0], false, true, registered.has(node));
    } else if (
      ts.isCallExpression(node) &&
      ts.isIdentifier(node.expression) &&
      node.expression.text === "lazy"
    ) {
      const [load] = node.arguments;
      if (load && ts.isArrowFunction(load)) register(load.body);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}
