/** Returns the word most similar to `text`: one that it is a prefix of, or one at most two edits away. */
export function closest(text: string, words: readonly string[]): string | undefined {
  const ranked = words
    .map((word) => ({ word, edits: word.startsWith(text) ? 0.5 : editDistance(text, word) }))
    .filter(({ word, edits }) => edits <= Math.min(2, Math.ceil(word.length / 3)))
    .sort((a, b) => a.edits - b.edits);
  return ranked[0]?.word;
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next[j] = Math.min(change, row[j]! + 1, next[j - 1]! + 1);
    }
    row = next;
  }
  return row[b.length]!;
}
