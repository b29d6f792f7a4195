import MagicString from "magic-string";
import type { Plugin, Rolldown } from "vite";
import { EXPORTS, importsOfFile, namesIn } from "./chunk-syntax.ts";
import { workerScripts } from "./entry-points.ts";
import { replaceCode } from "./replace-code.ts";

/** What an entry leaves for the chunks that it loads on demand. */
const SHARED = "self.lakotaWorker";

/** The only module of a chunk that Rolldown makes of its helpers. */
const HELPERS = "\0rolldown/runtime.js";

type Chunk = Pick<Rolldown.OutputChunk, "code" | "fileName" | "isEntry" | "moduleIds">;

/**
 * Rewrites the chunks of a worker so that its entry, which holds all that loads at once, is imported by none: WebKit
 * evaluates a worker's entry a second time when it is imported. Instead of exporting what chunks share with it, the entry
 * leaves that in a global object, and the chunks take it from there: they run later. They also repeat the few helpers of
 * Rolldown, which would be one more file to wait for.
 *
 * @param chunks as Rolldown minifies them: all exports in one statement at the end, without defaults and namespaces
 * @returns the code of each chunk, which knows what was moved
 * @throws if an entry still has exports, or a chunk imports it in a way that is not known here
 */
export function rewriteChunks<C extends Chunk>(chunks: readonly C[]): ReadonlyMap<C, MagicString> {
  const result = new Map(chunks.map((chunk) => [chunk, new MagicString(chunk.code)]));
  for (const chunk of chunks) {
    if (!chunk.isEntry && !isHelpers(chunk)) continue;
    const source = chunk.isEntry ? SHARED : callOf(chunk);
    for (const code of result.values()) replaceImport(code, chunk.fileName, source);
  }
  for (const [{ isEntry, fileName }, code] of result) {
    if (isEntry) replaceExports(code, `${SHARED}=`);
    else if (chunks.some((chunk) => chunk.isEntry && code.toString().includes(`"./${chunk.fileName}"`)))
      throw new Error(`${fileName} still imports an entry.`);
  }
  return result;
}

const isHelpers = ({ moduleIds }: Chunk) => moduleIds.every((id) => id === HELPERS);

/** Returns an expression that runs a file and has its exports as properties. */
function callOf({ code }: Chunk): string {
  const body = new MagicString(code.replace(/\/\/# sourceMappingURL=.*\s*$/, ""));
  replaceExports(body, "return");
  return `(()=>{${body}})()`;
}

/** Replaces the exports of a file by `target{name:value,…};`. */
function replaceExports(code: MagicString, target: string): void {
  code.replace(
    EXPORTS,
    (_, list) => `${target}{${namesIn(list).map(([value, as]) => property(as, value))}};`,
  );
  if (/\bexport[\s{*]/.test(code.toString()))
    throw new Error(`Exports of an unknown form: ${code.toString().slice(-200)}`);
}

/** Replaces an import of a file by taking the same names from `source`, an expression. */
const replaceImport = (code: MagicString, file: string, source: string) =>
  code.replaceAll(`import"./${file}";`, "").replaceAll(importsOfFile(file), (statement, keyword, list) => {
    if (keyword === "export")
      throw new Error(`What passes on exports of an entry is not known here: ${statement}`);
    return `const{${namesIn(list).map(([name, as]) => property(name, as))}}=${source};`;
  });

const property = (name: string, value: string) => (name === value ? name : `${name}:${value}`);

/** Applies {@link rewriteChunks} to the builds of the workers. */
export const selfContainedEntries: Plugin = {
  name: "self-contained-entries",
  applyToEnvironment: ({ name }) => name in workerScripts,
  generateBundle(_, bundle) {
    const chunks = Object.values(bundle).filter((file) => file.type === "chunk");
    for (const [chunk, code] of rewriteChunks(chunks)) {
      if (!isHelpers(chunk)) replaceCode(chunk, code, bundle);
      else for (const file of [chunk.fileName, chunk.sourcemapFileName]) if (file) delete bundle[file];
    }
  },
};
