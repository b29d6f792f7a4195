/** Each type represents the values of those before it, except that `float` rounds integers beyond 2^53. */
const WIDENINGS = [
  ["int8", "int16", "int32", "int", "float"],
  ["uint8", "uint16", "uint32", "uint", "float"],
  ["float32", "float"],
  ["date", "timestamp", "M8[ms]", "M8[us]", "M8[ns]"],
];

/**
 * Returns the wider of two types, given as text such as `int*`; undefined where neither represents the values
 * of both.
 */
export function widerType(a: string, b: string): string | undefined {
  if (a === b) return a;
  const star = a.endsWith("*") ? "*" : "";
  if (b.endsWith("*") !== (star !== "")) return undefined;
  for (const types of WIDENINGS) {
    const ranks = [a, b].map((type) => types.indexOf(type.replace("*", "")));
    if (!ranks.includes(-1)) return `${types[Math.max(...ranks)]}${star}`;
  }
  return undefined;
}
