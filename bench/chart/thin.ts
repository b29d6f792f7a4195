/** The points of a line; x in seconds. */
export interface Line {
  rows: number;
  x: ArrayLike<number>;
  y: ArrayLike<number>;
}

/** Returns the minimum and the maximum of the rows of each pixel, found in a plain loop. */
export function thin(t: BigInt64Array, v: Float64Array, from: number, to: number, pixels: number): Line {
  const rows = to - from;
  const x: number[] = [];
  const y: number[] = [];
  for (let pixel = 0; pixel < pixels; pixel++) {
    const first = from + Math.floor((rows * pixel) / pixels);
    const end = from + Math.floor((rows * (pixel + 1)) / pixels);
    if (first === end) continue;
    let low = first;
    let high = first;
    for (let row = first + 1; row < end; row++) {
      if (v[row]! < v[low]!) low = row;
      if (v[row]! > v[high]!) high = row;
    }
    for (const row of low < high ? [low, high] : [high, low]) {
      x.push(Number(t[row]!));
      y.push(v[row]!);
    }
  }
  return { rows, x, y };
}
