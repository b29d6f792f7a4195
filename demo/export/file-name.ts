import { formatDay } from "../page/format.ts";
import type { Shown } from "../state/page-state.ts";

/** Returns the name of a file with what is shown: its series, how rows are grouped, and the range. */
export function fileName(
  { series, resample, range, zone, chart }: Pick<Shown, "series" | "resample" | "range" | "zone" | "chart">,
  extension: string,
): string {
  const [first, ...others] = series;
  const label = others.length > 0 ? `${first?.label} and ${others.length} more` : (first?.label ?? "rows");
  const ends = (range ?? []).map((x) =>
    chart?.time ? formatDay(x, zone) : String(Number(x.toPrecision(6))),
  );
  const parts = [label, resample && `${resample.aggregate} by ${resample.step}`, ...new Set(ends)];
  // Characters that file systems and shells leave alone.
  const name = parts
    .filter(Boolean)
    .join("_")
    .replace(/[^\p{L}\p{N}._-]+/gu, "_");
  return `${name}.${extension}`;
}
