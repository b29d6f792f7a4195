import { safeText } from "./safe-text.ts";

/** A line of text, and below it a line that marks a place in it: the end of the errors of expressions. */
const EXCERPT = /\n( {2}[^\n]*)\n( *\^+)$/;

/** Formats a message for standard error: on one line, except for an excerpt with a marked place. */
export function errorText(message: string): string {
  const [excerpt, line, carets] = EXCERPT.exec(message) ?? [];
  const sentence = safeText(
    message.slice(0, message.length - (excerpt?.length ?? 0)).replace(/\s*\n\s*/g, " "),
  );
  return line === undefined ? sentence : `${sentence}\n${safeText(line)}\n${carets}`;
}
