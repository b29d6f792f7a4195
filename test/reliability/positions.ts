/**
 * Returns the requests of an operation at which a fault is tried: at most `max`, evenly spaced. With
 * `RELIABILITY_POSITIONS=all` in the environment it is each of them, and with a number at most as many.
 */
export function positionsOf(count: number, max: number): number[] {
  const wanted = process.env.RELIABILITY_POSITIONS;
  const limit = wanted === "all" ? count : Number(wanted || max);
  const positions = Math.min(count, limit);
  return Array.from({ length: positions }, (_, i) => Math.floor((i * count) / positions));
}
