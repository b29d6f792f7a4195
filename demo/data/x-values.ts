/** Milliseconds in each unit of time that has a fixed length. */
const MILLISECONDS: Readonly<Record<string, number>> = {
  W: 604_800_000,
  D: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
  us: 1e-3,
  ns: 1e-6,
};

/** Returns the unit of a type such as `datetime64[s]`; undefined for other types. */
export const datetimeUnit = (type: string): string | undefined => /^datetime64\[(\w+)\]$/.exec(type)?.[1];

/** Converts a value of an index column to one of the x axis: epoch milliseconds for times, NaN for text. */
export function toX(value: number | bigint | string, type: string): number {
  const unit = datetimeUnit(type);
  if (unit === "Y") return Date.UTC(1970 + Number(value), 0);
  if (unit === "M") return Date.UTC(1970, Number(value));
  return typeof value === "string" ? Number.NaN : Number(value) * (unit ? MILLISECONDS[unit]! : 1);
}
