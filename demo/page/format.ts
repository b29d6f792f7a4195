import { toWallClock } from "../data/time-zone.ts";

const WHOLE = new Intl.NumberFormat("en");
const PLAIN = new Intl.NumberFormat("en", { maximumSignificantDigits: 7 });
const EXACT = new Intl.NumberFormat("en", { maximumSignificantDigits: 15 });

/** `1,234,567` */
export const formatCount = (n: number): string => WHOLE.format(n);

/** `1 row`, `2 rows` */
export const formatQuantity = (n: number, noun: string): string =>
  `${formatCount(n)} ${noun}${n === 1 ? "" : "s"}`;

/** Bytes with a unit in which they have at most three digits before the point. A kB is 1,000 bytes. */
export function formatBytes(n: number): string {
  if (n < 1000) return `${n} B`;
  const [unit, name] = n < 999_500 ? [1e3, "kB"] : n < 999_500_000 ? [1e6, "MB"] : [1e9, "GB"];
  const amount = n / unit;
  return `${amount < 9.95 ? amount.toFixed(1) : Math.round(amount)} ${name}`;
}

/** `830 ms`, `1.2 s` */
export const formatDuration = (ms: number): string =>
  ms < 999.5 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;

/** A value with up to 7 significant digits; whole numbers with all digits. */
export function formatValue(n: number): string {
  if (Number.isNaN(n)) return "missing";
  if (!Number.isFinite(n)) return n > 0 ? "∞" : "−∞";
  const size = Math.abs(n);
  if (n !== 0 && (size < 1e-4 || size >= 1e15)) return formatPower(n, 6);
  return Number.isInteger(n) ? WHOLE.format(n) : PLAIN.format(n);
}

/** A number of an index, with all its digits. */
export const formatNumber = (n: number): string => EXACT.format(n);

/** A mean with 4 significant digits: further digits carry no information. */
export const formatMean = (n: number): string => formatValue(Number(n.toPrecision(4)));

/** `2.5×10⁻⁹`, with at most this many digits after the point. */
export function formatPower(n: number, decimals: number): string {
  const [mantissa = "", exponent = ""] = n.toExponential(decimals).split("e");
  const digits = mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa;
  return `${digits.replace("-", "−")}×10${superscript(Number(exponent))}`;
}

const superscript = (exponent: number): string =>
  [...String(exponent)].map((digit) => (digit === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)])).join("");

/** A time as the clocks of a zone show it, with the precision that `step` (milliseconds between rows) requires. */
export function formatTime(ms: number, step: number, zone = "UTC"): string {
  if (Number.isNaN(ms)) return "no time";
  const wall = toWallClock(ms, zone);
  const iso = new Date(wall).toISOString();
  if (step >= 86_400_000 && wall % 86_400_000 === 0) return iso.slice(0, 10);
  const clock =
    step >= 60_000 || wall % 60_000 === 0 ? iso.slice(11, 16) : iso.slice(11, step < 1000 ? 23 : 19);
  return `${iso.slice(0, 10)} ${clock}`;
}

/** The day of a time: `2001-03-05`. */
export const formatDay = (ms: number, zone = "UTC"): string =>
  new Date(toWallClock(ms, zone)).toISOString().slice(0, 10);

/** Names of the types of columns, for people. */
const TYPE_NAMES: Readonly<Record<string, string>> = {
  "<U0": "text",
  object: "JSON",
  bool: "true or false",
  "datetime64[Y]": "year",
  "datetime64[M]": "month",
  "datetime64[W]": "week",
  "datetime64[D]": "date",
};

/** Names a type as people do: `text`, `time`, `date`. Names of numbers say how exact they are, and stay. */
export function formatType(type: string): string {
  const known = TYPE_NAMES[type];
  if (known) return known;
  const [, kind, unit] = /^(datetime|timedelta)64\[(\w+)\]$/.exec(type) ?? [];
  if (kind) return `${kind === "datetime" ? "time" : "duration"}, ${unit}`;
  return /^<U|^\|S/.test(type) ? "text" : type;
}
