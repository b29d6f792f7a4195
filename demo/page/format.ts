const WHOLE = new Intl.NumberFormat("en");
const COMPACT = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 2 });
const PLAIN = new Intl.NumberFormat("en", { maximumSignificantDigits: 7 });

/** `1,234,567` */
export const formatCount = (n: number): string => WHOLE.format(n);

/** `1 row`, `2 rows` */
export const formatQuantity = (n: number, noun: string): string =>
  `${formatCount(n)} ${noun}${n === 1 ? "" : "s"}`;

/** Bytes in kB, from 10 MB on in MB. A kB is 1,000 bytes. */
export function formatBytes(n: number): string {
  if (n === 0) return "0 kB";
  if (n < 10_000_000) return `${n < 10_000 ? (n / 1000).toFixed(1) : formatCount(Math.round(n / 1000))} kB`;
  return `${(n / 1e6).toFixed(1)} MB`;
}

/** `830 ms`, `1.2 s` */
export const formatDuration = (ms: number): string =>
  ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;

/** A value with up to 7 significant digits. */
export const formatValue = (n: number): string =>
  Number.isFinite(n) ? (Math.abs(n) >= 1e7 ? COMPACT.format(n) : PLAIN.format(n)) : "missing";

/** A mean with 4 significant digits: further digits carry no information. */
export const formatMean = (n: number): string => formatValue(Number(n.toPrecision(4)));

/** A value as the label of an axis: from 10,000 on in compact notation. */
export const formatTick = (n: number): string => (Math.abs(n) >= 1e4 ? COMPACT.format(n) : PLAIN.format(n));

/** A time in UTC, with the precision that `step` (milliseconds between rows) requires. */
export function formatTime(ms: number, step: number): string {
  if (Number.isNaN(ms)) return "no time";
  const iso = new Date(ms).toISOString();
  if (step >= 86_400_000 && ms % 86_400_000 === 0) return iso.slice(0, 10);
  const clock =
    step >= 60_000 || ms % 60_000 === 0 ? iso.slice(11, 16) : iso.slice(11, step < 1000 ? 23 : 19);
  return `${iso.slice(0, 10)} ${clock}`;
}

/** The UTC day of a time: `2001-03-05`. */
export const formatDay = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
