/** By which column a table is sorted. */
export interface Order {
  readonly column: string;
  readonly descending: boolean;
}

/** Returns the order after a click on the header of a column: ascending first, then descending, then as it was. */
export function nextOrder(
  order: Order | undefined,
  column: string,
  isFirstIndex: boolean,
): Order | undefined {
  if (isFirstIndex) return order?.column === column ? undefined : { column, descending: true };
  if (order?.column !== column) return { column, descending: false };
  return order.descending ? undefined : { column, descending: true };
}

/**
 * Returns the positions of rows in the order of a column's values. Rows of equal values stay in their order, and missing
 * values come last, whatever the direction.
 */
export function sortedPositions(values: ArrayLike<unknown>, descending: boolean): Uint32Array {
  const positions = Uint32Array.from({ length: values.length }, (_, i) => i);
  const sign = descending ? -1 : 1;
  return positions.sort((a, b) => compare(values[a], values[b], sign) || a - b);
}

function compare(a: unknown, b: unknown, sign: number): number {
  const [isAMissing, isBMissing] = [isMissing(a), isMissing(b)];
  if (isAMissing || isBMissing) return Number(isAMissing) - Number(isBMissing);
  if (typeof a === "string" && typeof b === "string") return sign * (a < b ? -1 : a > b ? 1 : 0);
  const [x, y] = [a, b] as [number, number];
  return sign * (x < y ? -1 : x > y ? 1 : 0);
}

const isMissing = (value: unknown): boolean =>
  value === null || value === undefined || value === "" || (typeof value === "number" && Number.isNaN(value));
