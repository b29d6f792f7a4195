import type { Plugin, Rolldown } from "vite";
import { workerScripts } from "./entry-points.ts";

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
 * @throws if an entry still has exports, or a chunk imports it in a way that is not known here
 */
export function rewriteChunks(chunks: readonly Chunk[]): void {
  for (const chunk of chunks) {
    if (!chunk.isEntry && !isHelpers(chunk)) continue;
    const { fileName } = chunk;
    const source = chunk.isEntry ? SHARED : `(()=>{${exportsAs("return", chunk.code)}})()`;
    for (const importer of chunks) importer.code = withoutImport(importer.code, fileName, source);
  }
  for (const chunk of chunks) {
    if (chunk.isEntry) chunk.code = exportsAs(`${SHARED}=`, chunk.code);
    else if (chunks.some(({ isEntry, fileName }) => isEntry && chunk.code.includes(`"./${fileName}"`)))
      throw new Error(`${chunk.fileName} still imports an entry.`);
  }
}

const isHelpers = ({ moduleIds }: Chunk) => moduleIds.every((id) => id === HELPERS);

/** Replaces the exports of a file by `target{name:value,…};`. */
function exportsAs(target: string, code: string): string {
  const changed = code.replace(
    /\bexport\{([^{}]*)\};?\s*$/,
    (_, names) => `${target}{${renamed(names, "$2:$1")}};`,
  );
  if (/\bexport[\s{*]/.test(changed)) throw new Error(`Exports of an unknown form: ${code.slice(-200)}`);
  return changed;
}

/** Replaces an import of a file by taking the same names from `source`, an expression. */
const withoutImport = (code: string, file: string, source: string): string =>
  code
    .replaceAll(`import"./${file}";`, "")
    .replaceAll(
      new RegExp(`import\\{([^{}]*)\\}from"\\./${file}";`, "g"),
      (_, names) => `const{${renamed(names, "$1:$2")}}=${source};`,
    );

/** Rewrites a list such as `a,b as c`. In `replacement`, $1 is what stands before `as`, and $2 what follows. */
const renamed = (names: string, replacement: string): string =>
  names.replaceAll(/([\w$]+) as ([\w$]+)/g, replacement);

/** Applies {@link rewriteChunks} to the builds of the workers. */
export const selfContainedEntries: Plugin = {
  name: "self-contained-entries",
  applyToEnvironment: ({ name }) => name in workerScripts,
  generateBundle(_, bundle) {
    const chunks = Object.values(bundle).filter((file) => file.type === "chunk");
    rewriteChunks(chunks);
    for (const chunk of chunks.filter(isHelpers)) delete bundle[chunk.fileName];
  },
};
