import { formatMean, formatValue } from "../page/format.ts";
import { type PanelContent, type PanelLine, PanelStyle } from "./panel-content.ts";

/** Returns the value of each line at a point as text; undefined for hidden lines, and without a point. */
export function readingsAt(
  lines: readonly PanelLine[],
  content: PanelContent,
  at: number | undefined,
): (string | undefined)[] {
  const style = new PanelStyle(lines, content);
  const missing = isHiddenAt(content, at) ? "hidden by the filter" : "missing";
  return content.lines.map(({ y, low, high }, i) =>
    at === undefined || style.isHidden(i)
      ? undefined
      : (readingOf(content.means, lines[i]!.bool, y[at], low[at], high[at]) ?? missing),
  );
}

const isHiddenAt = ({ xs, hiddenAt }: PanelContent, at: number | undefined): boolean =>
  at !== undefined && hiddenAt.has(xs[at]!);

function readingOf(
  isMean: boolean,
  isBool: boolean,
  line?: number | null,
  low?: number | null,
  high?: number | null,
): string | undefined {
  if (line == null) return undefined;
  if (isBool && !isMean) return String(line !== 0);
  const text = isMean ? formatMean(line) : formatValue(line);
  return low == null || high == null || low === high
    ? text
    : `${text} (${formatValue(low)} to ${formatValue(high)})`;
}
