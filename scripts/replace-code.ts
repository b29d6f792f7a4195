import remapping from "@jridgewell/remapping";
import type MagicString from "magic-string";
import type { Rolldown } from "vite";

/**
 * Gives a chunk other code in `generateBundle`, and its source map the positions in that code. Rolldown has made the file of the
 * map by then, and does not make it again.
 *
 * @param code was made of the chunk's code, and knows what was moved
 */
export function replaceCode(
  chunk: Rolldown.OutputChunk,
  code: MagicString,
  bundle: Rolldown.OutputBundle,
): void {
  if (!code.hasChanged()) return;
  chunk.code = code.toString();
  const file = chunk.sourcemapFileName ? bundle[chunk.sourcemapFileName] : undefined;
  if (file?.type === "asset") file.source = moveMap(code, chunk.fileName, String(file.source));
}

/** Returns a source map of what was made of the code that `map` is for. */
export function moveMap(code: MagicString, fileName: string, map: string): string {
  // A position for each word: those of a whole line would all become that of its beginning.
  const moved = code.generateMap({ file: fileName, hires: "boundary" });
  return remapping([moved.toString(), map], () => null).toString();
}
