import MagicString from "magic-string";
import type { Plugin, Rolldown } from "vite";
import { EXPORTS, importsOfAll, importsOfFile, namesIn } from "./chunk-syntax.ts";
import { workerScripts } from "./entry-points.ts";
import { replaceCode } from "./replace-code.ts";

type Chunk = Pick<Rolldown.OutputChunk, "code" | "fileName" | "imports" | "dynamicImports">;

/**
 * Lets chunks export what they share by the names that it has in them: `export{n,e}` instead of `export{n as t,e as n}`, of
 * which each takes two names that hardly compress.
 *
 * @param chunks as Rolldown minifies them
 * @param isPublic whether the exports of a chunk have names that others rely on
 * @returns the code of each chunk, which knows what was moved
 */
export function exportLocalNames<C extends Chunk>(
  chunks: readonly C[],
  isPublic: (chunk: C) => boolean,
): ReadonlyMap<C, MagicString> {
  const result = new Map(chunks.map((chunk) => [chunk, new MagicString(chunk.code)]));
  // What is imported on demand is an object with these names.
  const onDemand = new Set(chunks.flatMap(({ dynamicImports }) => dynamicImports));
  /** By file, the names in the chunk of what it exports, by the names that it has elsewhere. */
  const localNames = new Map<string, ReadonlyMap<string, string>>();
  for (const [chunk, code] of result) {
    if (isPublic(chunk) || onDemand.has(chunk.fileName)) continue;
    code.replace(EXPORTS, (_, list) => {
      const names = new Map(namesIn(list).map(([local, name]) => [name, local]));
      localNames.set(chunk.fileName, names);
      return `export{${[...new Set(names.values())]}};`;
    });
  }
  for (const [{ imports }, code] of result) {
    for (const file of imports) {
      const names = localNames.get(file);
      if (names) renameImports(code, file, names);
    }
  }
  return result;
}

function renameImports(code: MagicString, file: string, names: ReadonlyMap<string, string>): void {
  if (code.original.match(importsOfAll(file)))
    throw new Error(`All exports of ${file} are imported together, whose names were about to change.`);
  code.replaceAll(importsOfFile(file), (statement, keyword, list) => {
    const renamed = namesIn(list).map(([name, as]) => {
      const local = names.get(name);
      if (local === undefined) throw new Error(`${file} does not export ${name}: ${statement}`);
      return local === as ? as : `${local} as ${as}`;
    });
    return `${keyword}{${renamed}}from"./${file}";`;
  });
}

const isWorker = (environment: string) => environment in workerScripts;

/** The code of the chunks so far, by file. */
const written = new Map<string, string>();

/** Applies {@link exportLocalNames} to all chunks but those that users import. */
export const localExportNames: Plugin = {
  name: "local-export-names",
  // What is imported on demand keeps its names, and what that is differs between builds that write to one folder. The two
  // workers share the chunks that they load on demand.
  augmentChunkHash({ isDynamicEntry }) {
    const { name } = this.environment;
    return `${isWorker(name) ? "workers" : name}${isDynamicEntry ? ", on demand" : ""}`;
  },
  generateBundle(_, bundle) {
    const chunks = Object.values(bundle).filter((file) => file.type === "chunk");
    const hasPublicEntries = !isWorker(this.environment.name);
    for (const [chunk, code] of exportLocalNames(chunks, ({ isEntry }) => isEntry && hasPublicEntries)) {
      replaceCode(chunk, code, bundle);
      if ((written.get(chunk.fileName) ?? chunk.code) !== chunk.code)
        throw new Error(`${chunk.fileName} has other exports in another build.`);
      written.set(chunk.fileName, chunk.code);
    }
  },
};
