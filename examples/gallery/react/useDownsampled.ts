import type { Downsampled, Series } from "lakota";
import { useEffect, useState } from "react";

/** A part of the x axis, in epoch milliseconds. Default: from the first row to the last. */
export interface Range {
  start?: number;
  stop?: number;
}

/** The state of a request. The previous data stay until those of the next request have arrived. */
export interface Result {
  data?: Downsampled;
  error?: Error;
}

/**
 * Downsamples a range of a series: first as the last visit knew it, then as it is now; the data are the same object if
 * nothing has changed. A new request starts when the range changes; the previous one is aborted.
 */
export function useDownsampled(series: Promise<Series>, { start, stop }: Range, points: number): Result {
  const [result, setResult] = useState<Result>({});
  useEffect(() => {
    const request = new AbortController();
    const { signal } = request;
    const show = (data: Downsampled) => setResult({ data });
    series
      .then((opened) => opened.downsample({ start, stop, points, signal, onStale: show }))
      .then(show)
      .catch((error) => signal.aborted || setResult(({ data }) => ({ data, error })));
    return () => request.abort();
  }, [series, start, stop, points]);
  return result;
}
