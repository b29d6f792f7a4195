/** Text for one line of a terminal: labels come from others, and may hold tabs, line ends, or what a terminal obeys. */
export const safeText = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  text.replace(/[\u0000-\u001f\u007f-\u009f]/g, (char) => ESCAPES[char] ?? hex(char));

const ESCAPES: Readonly<Record<string, string>> = { "\t": "\\t", "\n": "\\n", "\r": "\\r" };
const hex = (char: string) => `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`;
