/** How Rolldown writes the imports and exports of a minified chunk. */

/** All exports of a chunk, in one statement at its end. Only the address of its source map follows. */
export const EXPORTS = /\bexport\{([^{}]*)\};?(?=\s*(?:\/\/# sourceMappingURL=.*\s*)?$)/;

/** The imports of a file by other files, and what they export of it. */
export const importsOfFile = (file: string): RegExp =>
  new RegExp(String.raw`\b(import|export)\{([^{}]*)\}from"\./${file.replaceAll(".", String.raw`\.`)}";`, "g");

/** An import of all exports of a file under one name, or a statement that passes all of them on. */
export const importsOfAll = (file: string): RegExp =>
  new RegExp(String.raw`\b(import|export)\*[^"{}]*from"\./${file.replaceAll(".", String.raw`\.`)}"`);

/** Returns the two names of each item of a list such as `a,b as c`: those before and after `as`. */
export const namesIn = (list: string): (readonly [name: string, as: string])[] =>
  list
    .split(",")
    .filter(Boolean)
    .map((item) => {
      const [name = "", as = name] = item.split(" as ");
      return [name, as];
    });
