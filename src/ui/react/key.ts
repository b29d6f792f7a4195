/** What JSON has no value for; both are equal for equal values. */
function plain(this: Record<string, unknown>, name: string, value: unknown): unknown {
  const own = this[name]; // a Date is text in `value` already
  if (own instanceof Date) return { date: own.getTime() };
  if (typeof own === "bigint") return { bigint: String(own) };
  if (typeof own === "number" && !Number.isFinite(own)) return { number: String(own) };
  return typeof own === "function" ? undefined : value;
}

/** Returns a text that is equal for equal options, because each render of a component makes new objects. */
export function keyOf(...parts: readonly unknown[]): string {
  return JSON.stringify(parts, plain);
}
