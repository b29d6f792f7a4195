import type { Downsampled, Series } from "lakota";
import { useEffect, useState } from "react";

/** A part of the x axis, in epoch milliseconds. A missing end: from the first row, to the last. */
export interface Range {
  start?: number;
  stop?: number;
}

/** What is known of the points that were asked for: the last answer stays until the next one is there. */
export interface Answer {
  data?: Downsampled;
  error?: Error;
}

/** A range of a series in few points. Asks anew when the range changes, and drops the question before. */
export function useDownsampled(series: Promise<Series>, { start, stop }: Range, points: number): Answer {
  const [answer, setAnswer] = useState<Answer>({});
  useEffect(() => {
    const asking = new AbortController();
    const { signal } = asking;
    series
      .then((opened) => opened.downsample({ start, stop, points, signal }))
      .then((data) => setAnswer({ data }))
      .catch((error) => signal.aborted || setAnswer(({ data }) => ({ data, error })));
    return () => asking.abort();
  }, [series, start, stop, points]);
  return answer;
}
