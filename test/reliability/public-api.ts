import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";

/** A parameter of a public function or method. */
export interface Parameter {
  readonly name: string;
  /** Names of its properties, if its type is one of options or of plain properties. */
  readonly options: readonly string[];
}

/** A public function, or a method of a public interface or class. */
export interface PublicCall {
  /** As in `openRepo` and `Series.read`. */
  readonly name: string;
  readonly parameters: readonly Parameter[];
}

const REPORT = fileURLToPath(new URL("../../docs/api-report/", import.meta.url));
const FILE = "api.d.ts";

/** Heading of the declarations that no entry point exports. */
const NOT_EXPORTED = "## Types referred to, not exported";

/** The API report, which `npm run lint` keeps current. */
const reports = () => readdirSync(REPORT).map((file) => readFileSync(REPORT + file, "utf8"));

const declarationsIn = (report: string) =>
  [...report.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, text]) => text).join("\n");

/** Names of the classes that an entry point exports: of the others, users have instances only by accident. */
function exportedClasses(): Set<string> {
  const exported = reports().map((report) => declarationsIn(report.split(NOT_EXPORTED)[0]!));
  return new Set(exported.flatMap((text) => [...text.matchAll(/^class (\w+)/gm)].map(([, name]) => name!)));
}

/** Whether an interface has callbacks, or the methods of another one, of which the type checker knows more. */
const hasNoCalls = (name: string) => /^Typed|Options$/.test(name);

/** Returns all public functions and methods, by the API report. Those with the same name and parameters are listed once. */
export function publicCalls(): PublicCall[] {
  const host = ts.createCompilerHost({});
  const classes = exportedClasses();
  const file = ts.createSourceFile(
    FILE,
    reports().map(declarationsIn).join("\n"),
    ts.ScriptTarget.ES2022,
    true,
  );
  const ofDisk = host.getSourceFile;
  host.getSourceFile = (name, version) => (name === FILE ? file : ofDisk(name, version));
  const options = { target: ts.ScriptTarget.ES2022, lib: ["lib.es2022.d.ts"], types: [] };
  const checker = ts.createProgram([FILE], options, host).getTypeChecker();

  const parameterOf = (symbol: ts.Symbol): Parameter => {
    const type = checker.getNonNullableType(checker.getTypeOfSymbol(symbol));
    const isOptions = /options|^__/.test(symbol.name);
    const properties = isOptions ? checker.getPropertiesOfType(type) : [];
    return { name: symbol.name, options: properties.map(({ name }) => name) };
  };
  const callOf = (name: string, type: ts.Type): PublicCall[] => {
    const signatures = [...type.getCallSignatures(), ...type.getConstructSignatures()];
    const longest = signatures.sort((a, b) => b.parameters.length - a.parameters.length)[0];
    return longest ? [{ name, parameters: longest.parameters.map(parameterOf) }] : [];
  };
  const found = file.statements.flatMap((node) => {
    if (ts.isFunctionDeclaration(node) && node.name)
      return callOf(node.name.text, checker.getTypeAtLocation(node.name));
    if (ts.isVariableStatement(node))
      return node.declarationList.declarations.flatMap(({ name }) =>
        callOf(name.getText(), checker.getTypeAtLocation(name)),
      );
    if (ts.isInterfaceDeclaration(node) && hasNoCalls(node.name.text)) return [];
    if (ts.isInterfaceDeclaration(node) && node.members.some((member) => ts.isMethodSignature(member)))
      return methodsOf(node.name.text, checker.getTypeAtLocation(node));
    if (ts.isClassDeclaration(node) && node.name && classes.has(node.name.text)) {
      const { name } = node;
      const statics = checker.getTypeOfSymbol(checker.getSymbolAtLocation(name)!);
      return [
        ...callOf(`new ${name.text}`, statics),
        ...methodsOf(name.text, statics),
        ...methodsOf(name.text, checker.getTypeAtLocation(node)),
      ];
    }
    return [];
  });
  function methodsOf(owner: string, type: ts.Type): PublicCall[] {
    return checker
      .getPropertiesOfType(type)
      .flatMap((method) =>
        /^(prototype$|__@)/.test(method.name)
          ? []
          : callOf(`${owner}.${method.name}`, checker.getTypeOfSymbol(method)),
      );
  }
  return [...new Map(found.map((call) => [call.name, call])).values()];
}
