/** Returns the bytes per element of a zarrita data type (`float64`, `bool`, `v2:U5`, `v2:S3`) of fixed size. */
export function itemSize(dataType: string | undefined): number | undefined {
  if (dataType === undefined) return undefined;
  if (dataType === "bool") return 1;
  const bits = /^(?:u?int|float|complex)(8|16|32|64|128)$/.exec(dataType);
  if (bits) return Number(bits[1]) / 8;
  const text = /^v2:([US])(\d+)$/.exec(dataType);
  if (text) return bloscTypesize(Number(text[2]) * (text[1] === "U" ? 4 : 1));
  return undefined;
}

/** Blosc stores element sizes in one byte, and treats larger elements as single bytes. */
function bloscTypesize(size: number): number {
  return size >= 1 && size <= 255 ? size : 1;
}
