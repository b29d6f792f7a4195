import { formatMean, formatValue } from "../page/format.ts";
import { type PanelContent, type PanelLine, PanelStyle } from "./panel-content.ts";

/** Returns the value of each line at a point as text; undefined for hidden lines, and without a point. */
export function readingsAt(
  lines: readonly PanelLine[],
  content: PanelContent,
  at: number | undefined,
): (string | undefined)[] {
  const style = new PanelStyle(lines, content);
  return content.lines.map(({ y, low, high }, i) =>
    at === undefined || style.isHidden(i)
      ? undefined
      : readingOf(content.means, lines[i]!.bool, y[at], low[at], high[at]),
  );
}

function readingOf(
  isMean: boolean,
  isBool: boolean,
  line?: number | null,
  low?: number | null,
  high?: number | null,
): string {
  if (line == null) return "missing";
  if (isBool && !isMean) return String(line !== 0);
  const text = isMean ? formatMean(line) : formatValue(line);
  return low == null || high == null || low === high
    ? text
    : `${text} (${formatValue(low)} to ${formatValue(high)})`;
}
