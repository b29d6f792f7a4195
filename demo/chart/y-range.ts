/** Extends a range of values by a twentieth of its height above and below; on a logarithmic axis, of its factor. */
export const padRange = (low: number | null, high: number | null, isLog: boolean): [number, number] =>
  isLog ? padLogarithmic(low, high) : padLinear(low, high);

function padLinear(low: number | null, high: number | null): [number, number] {
  if (low === null || high === null) return [0, 1];
  const margin = high > low ? (high - low) / 20 : Math.abs(high) / 20 || 1;
  return [low - margin, high + margin];
}

/** The values are positive. */
function padLogarithmic(low: number | null, high: number | null): [number, number] {
  if (low === null || high === null || low <= 0) return [1, 10];
  const factor = high > low ? (high / low) ** 0.05 : 1.5;
  return [low / factor, high * factor];
}
