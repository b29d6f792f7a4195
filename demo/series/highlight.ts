/** A part of a text, and whether it was searched for. */
export interface TextPart {
  readonly text: string;
  readonly isMatch: boolean;
}

/** Divides a text into what matches one of the words, in any case, and what does not. */
export function matchedParts(text: string, words: readonly string[]): TextPart[] {
  const used = words.filter(Boolean).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  if (used.length === 0) return [{ text, isMatch: false }];
  // `split` returns what is between matches, and the matches at the odd positions.
  return text
    .split(new RegExp(`(${used.sort((a, b) => b.length - a.length).join("|")})`, "gi"))
    .map((part, i) => ({ text: part, isMatch: i % 2 === 1 }))
    .filter((part) => part.text !== "");
}
