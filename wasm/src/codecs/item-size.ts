/** Bytes an element of a Zarr data type as zarrita names it (`float64`, `bool`, `v2:U5`, `v2:S3`), if it has a size. */
export function itemSize(dataType: string | undefined): number | undefined {
  if (dataType === undefined) return undefined;
  if (dataType === "bool") return 1;
  const bits = /^(?:u?int|float|complex)(8|16|32|64|128)$/.exec(dataType);
  if (bits) return Number(bits[1]) / 8;
  const text = /^v2:([US])(\d+)$/.exec(dataType);
  if (text) return inBlosc(Number(text[2]) * (text[1] === "U" ? 4 : 1));
  return undefined;
}

/** Blosc keeps element sizes in one byte, and treats larger elements as single bytes. */
function inBlosc(size: number): number {
  return size >= 1 && size <= 255 ? size : 1;
}
