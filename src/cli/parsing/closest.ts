/** The word that `text` was most likely meant to be: one that begins so, or is no more than two letters off. */
export function closest(text: string, words: readonly string[]): string | undefined {
  const ranked = words
    .map((word) => ({ word, off: word.startsWith(text) ? 0.5 : distance(text, word) }))
    .filter(({ word, off }) => off <= Math.min(2, Math.ceil(word.length / 3)))
    .sort((a, b) => a.off - b.off);
  return ranked[0]?.word;
}

/** Letters to add, take away or change. */
function distance(a: string, b: string): number {
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
