/**
 * A label as the name of a file or folder, as Python Lakota has it, but for what no name can hold: that is escaped as
 * in URLs. A `_` in front means something else there, and a dot hides a file.
 */
export const toFileName = (label: string): string =>
  label
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    .replace(/[\u0000-\u001f\u007f%/\\:*?"<>|]/g, escaped)
    .replace(/^[_.]/, escaped)
    .replace(/[. ]$/, escaped);

const escaped = (char: string) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;

/** The label that a name was made of. Names of others may have a % that escapes nothing. */
export const toLabel = (name: string): string =>
  name.replace(/%([0-7][0-9A-F])/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
