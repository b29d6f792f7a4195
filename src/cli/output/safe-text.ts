/** Escapes control characters: labels written by others may contain tabs, line breaks or terminal escape sequences. */
export const safeText = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to escape
  text.replace(/[\u0000-\u001f\u007f-\u009f]/g, (char) => ESCAPES[char] ?? hex(char));

const ESCAPES: Readonly<Record<string, string>> = { "\t": "\\t", "\n": "\\n", "\r": "\\r" };
const hex = (char: string) => `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`;
