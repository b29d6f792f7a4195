/** Returns the first index whose time is not before `value`, in seconds. */
export function lowerBound(sorted: BigInt64Array, value: number): number {
  const wanted = BigInt(value);
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
