/** Types of which each holds what those before it hold, as far as files go: whole numbers may be rounded beyond 2^53. */
const LADDERS = [
  ["int", "float"],
  ["date", "timestamp", "M8[ms]", "M8[us]", "M8[ns]"],
];

/** The type, of two in a schema's text, that holds the values of both; undefined where neither does. */
export function widerType(a: string, b: string): string | undefined {
  if (a === b) return a;
  const star = a.endsWith("*") ? "*" : "";
  if (b.endsWith("*") !== (star !== "")) return undefined;
  for (const ladder of LADDERS) {
    const steps = [a, b].map((type) => ladder.indexOf(type.replace("*", "")));
    if (!steps.includes(-1)) return `${ladder[Math.max(...steps)]}${star}`;
  }
  return undefined;
}
