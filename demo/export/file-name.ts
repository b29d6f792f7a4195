import { formatDay } from "../page/format.ts";
import type { Shown } from "../state/page-state.ts";

/** Returns the name of a file with what is shown: its series, how rows are grouped, and the range. */
export function fileName(
  { series, resample, range, zone, chart }: Pick<Shown, "series" | "resample" | "range" | "zone" | "chart">,
  extension: string,
): string {
  const [selected, ...others] = series;
  const label = [selected?.label ?? "rows", others.length > 0 && `and ${others.length} more`]
    .filter(Boolean)
    .join(" ");
  // A range of means ends with a whole step, which may be longer than the rows.
  const [first = Number.NEGATIVE_INFINITY, last = Number.POSITIVE_INFINITY] = chart?.full ?? [];
  const ends = (range ?? [])
    .map((x) => Math.max(first, Math.min(last, x)))
    .map((x) => (chart?.time ? formatDay(x, zone) : String(Number(x.toPrecision(6)))));
  const parts = [label, resample && `${resample.aggregate} by ${resample.step}`, ...new Set(ends)];
  // Characters that file systems and shells leave alone.
  const name = parts
    .filter(Boolean)
    .join("_")
    .replace(/[^\p{L}\p{N}._-]+/gu, "_");
  return `${name}.${extension}`;
}
