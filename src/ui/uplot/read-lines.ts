import type { StaleOptions } from "../../model/api/options.ts";
import type { Downsampled, DownsampleOptions, Points } from "../../model/api/read.ts";
import type { ChartLine } from "./plot-options.ts";

/** What is drawn. */
export interface Read {
  /** Rows of all lines. */
  readonly rows: number;
  /** By line. */
  readonly points: readonly Points[];
}

/** Downsamples all lines at once. */
export async function readLines(
  lines: readonly ChartLine[],
  options: DownsampleOptions,
  { signal, onStale }: Required<StaleOptions<Read>>,
): Promise<Read> {
  const known = lines.map((): Downsampled | undefined => undefined);
  const combine = (): Read | undefined => {
    const all = known.filter((each) => each !== undefined);
    if (all.length < lines.length) return undefined;
    return {
      rows: all.reduce((sum, { rows }) => sum + rows, 0),
      points: all.map(({ columns }, i) => columns[lines[i]!.column]!),
    };
  };
  const readLine = async ({ collection, series, column }: ChartLine, i: number) => {
    const show = (line: Downsampled) => {
      known[i] = line;
      const all = combine();
      if (all) onStale(all);
    };
    const own = { ...options, columns: [column], signal, onStale: show };
    known[i] = await collection.series(series).downsample(own);
  };
  await Promise.all(lines.map(readLine));
  return combine()!;
}
