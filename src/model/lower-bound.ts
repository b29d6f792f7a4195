/**
 * Returns how many of `length` sorted items come before a place: a binary search.
 *
 * @param isBefore whether item `i` comes before it; true for the first ones, false for all after them
 */
export function lowerBound(length: number, isBefore: (i: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
