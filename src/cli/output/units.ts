const UNITS = ["B", "kB", "MB", "GB", "TB", "PB"];

/** Formats a number of bytes in decimal units: `3.4 MB`. */
export function bytesText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit > 0 && value < 9.95 ? 1 : 0;
  return `${value.toFixed(digits)} ${UNITS[unit]}`;
}

/** `1,234,567` */
export const countText = (count: number): string => count.toLocaleString("en-US");

/** `1 file`, `2,000 files` */
export const plural = (count: number, singular: string, pluralForm = `${singular}s`): string =>
  `${countText(count)} ${count === 1 ? singular : pluralForm}`;
